"""What the grid and the panel may send."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ais_app.access.payload import Form, Payload
from ais_app.i18n import _
from ais_app.journal.errors import BadNumber
from ais_app.journal.rules import DaySpan
from ais_app.journal.service.absences import Excuse, ReasonChange
from ais_app.journal.service.cells import MarkEntry
from ais_app.journal.service.lessons import LAST_NUMBER, LONGEST_HOMEWORK, LONGEST_TOPIC, MOST_MINUTES, LessonText
from ais_app.journal.service.marks import MarksOperation
from ais_app.journal.service.remarks import LONGEST_REMARK
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.rights.errors import Refused

MOST_OPERATIONS, MOST_CELLS = 50, 500  # of one event (D-20, D-56); `access/gate/budget.py` counts with them
_UID = r"^[a-z2-7]{16}$"
Uid = Annotated[str, Field(pattern=_UID)]
CellText = Annotated[str, Field(max_length=16)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


Comment = Annotated[str, Field(max_length=500)]
GridCell = tuple[Uid, Uid, CellText, Version] | tuple[Uid, Uid, CellText, Version, Comment]
GridCells = Annotated[list[GridCell], Field(min_length=1, max_length=MOST_CELLS)]
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]
GridOperation = tuple[Uid, Uid, GridCells] | tuple[Uid, Uid, GridCells, Reason]


def _few_cells(operations: list[GridOperation]) -> list[GridOperation]:
    if sum(len(operation[2]) for operation in operations) > MOST_CELLS:
        raise ValueError
    return operations


class GridEdit(Payload):
    """Operations [uid, course, cells, reason?] of one event; a cell is [student, work, text, version, comment?]."""

    ops: Annotated[list[GridOperation], Field(min_length=1, max_length=MOST_OPERATIONS), AfterValidator(_few_cells)]

    @property
    def operations(self) -> list[MarksOperation]:
        """As the service takes them."""
        return [
            MarksOperation(uid, course, [entry(cell) for cell in cells], *reason)
            for uid, course, cells, *reason in self.ops
        ]


def is_uid(text: str) -> bool:
    """Whether a text can be a uid at all; nothing else is looked up."""
    return re.fullmatch(_UID, text) is not None


def entry(cell: GridCell) -> MarkEntry:
    """A cell of the wire as the service takes it."""
    return MarkEntry(cell[0], cell[1], cell[2], cell[3], cell[4].strip() if len(cell) == 5 else None)


class CoursePlace(Payload):
    """What the address of a journal says. `lesson`: of a link to it; once it is open, the period is said instead."""

    period: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""
    view: Literal["", "topics"] = ""
    lesson: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""


class FormPlace(Payload):
    """… and what the panel adds: the first work of the lesson whose form is open."""

    edit: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""


class ChooseView(Payload):
    view: Literal["marks", "topics"]


class Prefer(Payload):
    """A setting of the grid, kept for the account."""

    name: Literal["cursor", "means"]
    value: Literal["down", "right", "stay", "shown", "hidden"]


class Resync(Payload):
    course: Uid
    seq: Annotated[int, Field(ge=0)]


class Look(Payload):
    """The active cell; `panel` = the lesson panel was asked for."""

    course: Uid
    student: Uid
    work: Uid
    panel: bool


class OpenLesson(Payload):
    """A lesson of the list of topics, by its first work."""

    work: Uid


class ChoosePeriod(Payload):
    period: Uid


class NewColumn(Form):
    """Another column of a lesson."""

    lesson: Uid
    type: Uid


Confirmed = Annotated[str, Field(max_length=2_000)]  # the question that a person has read and says yes to


ShortField = Annotated[str, Field(max_length=32)]  # of a form: what is no day or number in it is told at its place


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
        spent = _number(minutes, "minutes", (1, MOST_MINUTES)) if minutes else None
        due = _day(self.due.strip(), "due") if self.due.strip() else None
        said = (self.topic, self.homework, spent, bool(self.nothing_set))
        return LessonText(lesson, version, *said, work=work, kind=self.kind, due=due)


class NewLesson(Form):
    day: ShortField
    number: ShortField
    confirmed: Confirmed = ""

    def read(self) -> tuple[date, int]:
        """The day and the lesson's number in it. Raises Refused for a field that cannot be read."""
        return _day(self.day, "day"), _number(self.number, "number", (0, LAST_NUMBER))


class RemarkForm(Form):
    remark: Annotated[str, Field(max_length=LONGEST_REMARK)]


class Withdraw(Payload):
    remark: Uid


class AskForm(Form):
    """Why a lesson should be opened after its window; `only` is ticked = for the student of the active cell alone."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON)]
    only: str = ""


class OfRequest(Payload):
    request: Uid


class OfOpening(Payload):
    opening: Uid


class DeclineForm(Form):
    """The deputy's sentence to the teacher; a browser's form sends texts only."""

    request: Uid
    answer: Annotated[str, Field(max_length=LONGEST_REASON)]


class TakeBack(Form):
    """A lesson or column that was added by mistake. What has marks is asked about first: `confirmed`, with a reason."""

    what: Literal["lesson", "column"]
    uid: Uid
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    confirmed: Confirmed = ""


class PutBack(Payload):
    what: Literal["lesson", "column", "remark"]
    uid: Uid


class ChooseAbsence(Payload):
    """An absence of a day; `reason`: the one that is written, where it is that which is wrong."""

    student: Uid
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    reason: Literal["", "б", "у"] = ""


class ExcuseForm(Form):
    """The class teacher's document for an absence; a browser's form sends texts only."""

    student: Uid
    first: ShortField
    last: ShortField
    reason: Literal["б", "у"]
    document: Annotated[str, Field(max_length=200)]

    def read(self) -> Excuse:
        """What the service takes. Raises Refused for a field that cannot be read."""
        return Excuse(self.student, _days(self.first, self.last), self.reason, self.document.strip())


class ReasonForm(Form):
    """A reason of absence that is wrong: another one, or none (`after` empty)."""

    student: Uid
    first: ShortField
    last: ShortField
    before: Literal["б", "у"]
    after: Literal["", "б", "у"]
    why: Annotated[str, Field(max_length=200)]

    def read(self) -> ReasonChange:
        """What the service takes. Raises Refused for a field that cannot be read."""
        days = _days(self.first, self.last)
        if self.after == self.before:
            raise Refused(_("This reason is written already. Choose another one."), "after")
        return ReasonChange(self.student, days, self.before, self.after, self.why.strip())


def _days(first: str, last: str) -> DaySpan:
    days = DaySpan(_day(first, "first"), _day(last, "last"))
    if days.last < days.first:
        raise Refused(_("The last day is before the first."), "last")
    return days


def _day(text: str, field: str) -> date:
    spelled = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII)  # of ISO 8601 the one that a browser sends
    try:
        return date.fromisoformat(text if spelled else "")
    except ValueError as error:
        raise Refused(_("There is no such day."), field) from error


def _number(text: str, field: str, fits: tuple[int, int]) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and fits[0] <= int(digits) <= fits[1]):
        raise BadNumber(field, *fits)
    return int(digits)
