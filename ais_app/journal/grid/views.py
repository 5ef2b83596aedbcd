"""What the page of an open course shows: the sheet with its heading, the cell panel, the answer to an edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ais_app.i18n import moment_in_words
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.views import Choice, cards, choices, hours_held
from ais_app.journal.grid import grammar, wire
from ais_app.journal.grid.queries import history, patch, sheet
from ais_app.journal.grid.rules import LATE
from ais_app.journal.grid.service.marks import Entered
from ais_app.journal.grid.wire import packed, sheet_view
from ais_app.journal.lessons.queries import columns, panel
from ais_app.journal.lessons.queries.taken_back import taken_back
from ais_app.journal.lessons.views import TakenBackItem, kind_in_words, taken_back_item
from ais_app.journal.windows.queries import openings
from ais_app.journal.windows.queries import periods as windows_periods
from ais_app.journal.windows.queries.periods import present_period
from ais_app.journal.windows.views import opener_in_words, sheet_openings
from ais_app.rights.reading import Reading


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


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of a cell, ready to show; `when` is the school's time."""

    before: str
    after: str
    who: str
    when: str
    reason: str
    opening: str


@dataclass(frozen=True, slots=True)
class Opened:
    sheet: dict[str, Any]
    has_lessons: bool
    period: str
    about: str
    title: str
    class_name: str
    subject: str
    held: str
    read_only: bool
    classes: list[Choice]
    subjects: list[Choice]
    periods: list[PeriodTab]
    taken_back: list[TakenBackItem]
    pad: list[str]
    today: str


def opened(reading: Reading, grant: ViewGrant, place: tuple[str, str]) -> Opened:
    """A course at `place` = (period uid, lesson uid): the named period, that of the named lesson, or the present one.

    Raises NotYours.
    """
    page, today = courses.course(reading, grant), reading.today
    found = windows_periods.periods(reading.connection, page.scheme_id)
    period_uid, lesson_uid = place
    asked, day = columns.first_work(reading.connection, page, lesson_uid) if lesson_uid else ("", today)
    period = next((one for one in found if one.uid == period_uid), present_period(found, day))
    whole = sheet.sheet(reading, page, period)
    view = packed(sheet_view(whole, today)) | {"account": reading.actor.account_uid, "at": asked}
    view |= sheet_openings(openings.open_columns(reading, page, period), reading.moment, reading.zone)
    readable = cards(reading)
    classes, subjects = choices(readable, page)
    teacher = next((card.teacher for card in readable if card.uid == page.uid), "")
    return Opened(
        sheet=view,
        has_lessons=len(view["columns"]) > 1,
        period=period.uid,
        about=" · ".join(filter(None, (period.name, teacher))),
        title=courses.title(page),
        class_name=page.class_name,
        subject=page.name,
        held=hours_held(reading, page),
        read_only=not page.own,
        classes=classes,
        subjects=subjects,
        periods=[PeriodTab(one.uid, one.name, one.uid == period.uid) for one in found],
        taken_back=[taken_back_item(one) for one in taken_back(reading, page)],
        pad=[*grammar.values(page), *grammar.codes(page, reasons=False)],
        today=today.isoformat(),
    )


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
    work = kind_in_words(cell.kind, cell.weight)
    return CellView(":".join(place), cell.name, cell.value, work, cell.comment, can_comment, lesson.cell_open)


def history_lines(cell: history.CellPanel, zone: str) -> list[HistoryLine]:
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
