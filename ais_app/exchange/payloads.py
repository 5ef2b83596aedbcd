"""Shapes of the events of «Обмен»."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ais_app.access.payload import Payload

_Uid = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class ChosenCheck(Payload):
    """The job that has checked the set which is to be written."""

    job: _Uid


class ChosenOptions(ChosenCheck):
    """Another check of the same set: into which school year ("" = the set's own), and whether it may end most of a
    school.
    """

    year: Annotated[str, Field(pattern=r"^(\d{4}/\d{2})?$")] = ""
    ending: bool = False


class ChosenJob(Payload):
    """The job that is to be stopped."""

    job: _Uid


class ChosenRun(Payload):
    """The import that is to go on, or to be taken back."""

    run: _Uid


class ChosenSchool(Payload):
    """The school that is to be exported."""

    school: _Uid
