"""What the list of journals shows, as its address and its export say it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ais_app.access.list_address import ListAddress

ChosenUid = Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")]
PATH, EXPORT = "/journal", "/journal/list"
COLUMNS = ("title", "teacher", "written", "debts", "last")  # those that order the list
USUAL = "-debts"


class JournalsAddress(ListAddress):
    """Which journals: of a class, a teacher, a subject (uids), and which part of them."""

    school_class: ChosenUid = ""
    teacher: ChosenUid = ""
    subject: ChosenUid = ""
    part: Literal["", "debts", "topic", "homework", "marks", "requests", "silent", "order"] = ""
