"""What the page of an open course shows: the sheet with its heading, the cell panel, the answer to an edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ais_app.clock import SchoolMoment
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.views import cards, choices, hours_held
from ais_app.journal.grid import grammar, open_sheet, wire
from ais_app.journal.grid.queries import history, patch
from ais_app.journal.grid.rules import LATE
from ais_app.journal.grid.service.marks import Entered
from ais_app.journal.lessons.queries import panel


@dataclass(frozen=True, slots=True)
class PeriodTab:
    uid: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class CellView:
    """The cell panel, ready to show. `place` = "student:work", by which the grid knows what is shown."""

    place: str = ""
    name: str = ""
    value: str = ""
    work: str = ""
    comment: str = ""
    can_comment: bool = False
    open: bool = False


# What stands above the sheet of an open course, and with it.
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


def opened(connection: Connection, grant: ViewGrant, place: open_sheet.Place, at: SchoolMoment) -> dict[str, Any]:
    """All that the page shows of a course at `place`: its sheet, what names that, and what stands above it (`SHOWN`).

    Raises NotYours.
    """
    found, today = open_sheet.found(connection, grant, place, at), at.day
    page, period = found.course, found.period
    readable = cards(connection, grant.actor, today)
    classes, subjects = choices(readable, page)
    teacher = next((card.teacher for card in readable if card.uid == page.uid), "")
    whole = open_sheet.sheet_at(connection, grant.actor, found, at)
    return {
        "read": found.read,
        "sheet": whole,
        "has_lessons": len(whole["columns"]) > 1,
        "about": " · ".join(filter(None, (period.name, teacher))),
        "title": courses.title(page),
        "class_name": page.class_name,
        "subject": page.name,
        "held": hours_held(connection, page, today),
        "read_only": not page.own,
        "classes": classes,
        "subjects": subjects,
        "periods": [PeriodTab(one.uid, one.name, one.uid == period.uid) for one in found.periods],
        "pad": [*grammar.values(page), *grammar.codes(page, reasons=False)],
        "today": today.isoformat(),
        "status": "ready",
    }


def saved(connection: Connection, done: Entered) -> dict[str, Any]:
    """The patch that answers an operation: of what was written, or, when it was known before, of what stands there."""
    if done.written is not None:
        cells, averages = patch.written_cells(done.cells, done.written.cells, done.written.means)
    else:
        cells, averages = patch.changed_cells(connection, done.course.uid, done.cells)
    return wire.patch(done.course.uid, done.sequence, operation=done.operation, cells=cells, averages=averages)


def cell_view(cell: history.CellPanel, lesson: panel.LessonPanel, place: tuple[str, str]) -> CellView:
    """The cell panel of `place` = (student, work) in words; its lesson says whether it may be written."""
    can_comment = lesson.cell_open and any(sign.isdigit() for sign in cell.value) and cell.value[:1] != LATE
    return CellView(":".join(place), cell.name, cell.value, cell.work, cell.comment, can_comment, lesson.cell_open)
