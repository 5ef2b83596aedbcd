"""What the page of an open course shows: the sheet with its heading, the cell panel, the answer to an edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ais_app.i18n import moment_in_words
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.views import cards, choices, hours_held
from ais_app.journal.grid import grammar, open_sheet, wire
from ais_app.journal.grid.queries import history, patch
from ais_app.journal.grid.rules import LATE
from ais_app.journal.grid.service.marks import Entered
from ais_app.journal.lessons.queries import panel
from ais_app.journal.lessons.views import kind_in_words
from ais_app.journal.windows.views import opener_in_words
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope


@dataclass(frozen=True, slots=True)
class PeriodTab:
    uid: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class CellView:
    """The cell panel, ready to show. `place` = "student:work", by which the grid knows what is shown.

    `everything`: the address of all that happened to the student, for who may read it.
    """

    place: str = ""
    name: str = ""
    value: str = ""
    work: str = ""
    comment: str = ""
    can_comment: bool = False
    open: bool = False
    everything: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of a cell, ready to show; `when` is the school's time."""

    before: str
    after: str
    who: str
    when: str
    reason: str
    opening: str


# The variables of an open course that are read together with its sheet.
SHOWN = (
    "has_lessons",
    "about",
    "title",
    "class_name",
    "subject",
    "held",
    "read_only",
    "classes",
    "subjects",
    "periods",
    "pad",
    "today",
)


def opened(reading: Reading, grant: ViewGrant, period_or_lesson: open_sheet.PeriodOrLesson) -> dict[str, Any]:
    """The variables of the page of a course: `sheet`, `read` (which names it), and what is shown above it (`SHOWN`).

    Raises NotYours.
    """
    opened_sheet = open_sheet.open_sheet(reading, grant, period_or_lesson)
    page, period = opened_sheet.course, opened_sheet.period
    readable = cards(reading)
    classes, subjects = choices(readable, page)
    teacher = next((card.teacher for card in readable if card.uid == page.uid), "")
    content = open_sheet.content_of(reading, opened_sheet)
    return {
        "read": opened_sheet.read,
        "sheet": content,
        "has_lessons": len(content["columns"]) > 1,
        "about": " · ".join(filter(None, (period.name, teacher))),
        "title": courses.title(page),
        "class_name": page.class_name,
        "subject": page.name,
        "held": hours_held(reading, page),
        "read_only": not page.own,
        "classes": classes,
        "subjects": subjects,
        "periods": [PeriodTab(one.uid, one.name, one.uid == period.uid) for one in opened_sheet.periods],
        "pad": [*grammar.values(page), *grammar.codes(page, reasons=False)],
        "today": reading.today.isoformat(),
        "status": "ready",
    }


def saved(connection: Connection, done: Entered) -> dict[str, Any]:
    """The patch that answers an operation: what it wrote, or, if it was written before, what its cells hold now."""
    thresholds = done.course.thresholds
    if done.written is not None:
        cells, averages = patch.written_cells(done.cells, done.written.cells, done.written.means, thresholds)
    else:
        cells, averages = patch.changed_cells(connection, done.course.uid, done.cells, thresholds)
    return wire.patch(done.course.uid, done.sequence, operation=done.operation, cells=cells, averages=averages)


def cell_view(actor: Actor, cell: history.CellPanel, lesson: panel.LessonPanel, cell_key: tuple[str, str]) -> CellView:
    """The panel of the cell `cell_key` = (student uid, work uid) in words; `lesson` says whether it may be written."""
    everything = f"/operations?person={cell_key[0]}" if Scope.SCHOOL in actor.scopes(Right.SEE_OPERATIONS) else ""
    can_comment = lesson.cell_open and any(sign.isdigit() for sign in cell.value) and cell.value[:1] != LATE
    work = kind_in_words(cell.kind, cell.weight)
    place, may_write = ":".join(cell_key), lesson.cell_open
    return CellView(place, cell.name, cell.value, work, cell.comment, can_comment, may_write, everything)


def history_items(cell: history.CellPanel, zone: str) -> list[HistoryLine]:
    return [
        HistoryLine(
            before=step.before,
            after=step.after,
            who=step.who,
            when=moment_in_words(step.moment, zone),
            reason=step.reason,
            opening=opener_in_words(step.opening),
        )
        for step in cell.history
    ]
