"""What the lesson panel may send."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ais_app.access.payload import Form, Payload
from ais_app.journal.fields import Confirmed, ShortField, Uid, day_of, number_of
from ais_app.journal.lessons.service.lessons import (
    LAST_NUMBER,
    LONGEST_HOMEWORK,
    LONGEST_TOPIC,
    MOST_MINUTES,
    LessonText,
)
from ais_app.ledger.operation import LONGEST_REASON


class FormAddress(Payload):
    """What the panel adds to the query of a journal's address: the first work of the lesson whose form is open."""

    edit: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""


class ShowCell(Payload):
    """The active cell; `panel` = the lesson panel was asked for."""

    course: Uid
    student: Uid
    work: Uid
    panel: bool


class OpenLesson(Payload):
    """A lesson of the list of topics, by its first work."""

    work: Uid


class NewColumn(Form):
    """Another column of a lesson."""

    lesson: Uid
    type: Uid


class LessonForm(Form):
    """The form of the lesson panel; a browser's form sends texts only."""

    topic: Annotated[str, Field(max_length=LONGEST_TOPIC)]
    homework: Annotated[str, Field(max_length=LONGEST_HOMEWORK)]
    minutes: ShortField
    nothing_set: str = ""
    kind: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""
    due: ShortField = ""

    def read(self, lesson: str, version: int, work: str) -> LessonText:
        """What the service takes; `work`: the column whose kind is chosen. Raises Refused for what cannot be read."""
        minutes = self.minutes.strip()
        spent = number_of(minutes, "minutes", (1, MOST_MINUTES)) if minutes else None
        due = day_of(self.due.strip(), "due") if self.due.strip() else None
        said = (self.topic, self.homework, spent, bool(self.nothing_set))
        return LessonText(lesson, version, *said, work=work, kind=self.kind, due=due)


class NewLesson(Form):
    day: ShortField
    number: ShortField
    confirmed: Confirmed = ""

    def read(self) -> tuple[date, int]:
        """The day and the lesson's number in it. Raises Refused for a field that cannot be read."""
        return day_of(self.day, "day"), number_of(self.number, "number", (0, LAST_NUMBER))


class TakeBack(Form):
    """A lesson or column that was added by mistake. `confirmed` is the question about its marks, if any."""

    what: Literal["lesson", "column"]
    uid: Uid
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    confirmed: Confirmed = ""


class PutBack(Payload):
    what: Literal["lesson", "column", "remark"]
    uid: Uid
