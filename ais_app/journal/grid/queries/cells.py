"""Cells as they are stored: values, versions, means. Shared by the sheet, the patches and the writers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntFlag
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.courses.queries.students import Student
from ais_app.journal.grid.means import WeightedMark, weighted_mean
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.rules import CellValue, MarkValue
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.school.models import Course
from ais_app.school.queries import member_on

_work = table(Work)
_lesson = table(Lesson)
_course = table(Course)
_cell = table(Cell)
_mark = table(Mark)
_attendance = table(Attendance)


class CellFlag(IntFlag):
    """The signs in the corners of a cell."""

    COMMENT = 1
    CHANGED = 2


@dataclass(slots=True)
class StoredCell:
    """A cell as stored: `marks` in order, attendance of the lesson for the first work only.

    `since`: when the oldest of its marks was written; only `cells_before` fills it. `written`: when each was; only
    `read_moments` does.
    """

    version: int = 0
    changed: bool = False
    marks: list[MarkValue] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    written: list[datetime] = field(default_factory=list)
    since: datetime | None = None
    attendance: str = ""
    reason: str = ""
    minutes: int | None = None

    def add(self, row: Any) -> None:
        """One mark more, from its row."""
        self.marks.append(MarkValue(row.code, row.hundredths))
        self.comments.append(row.comment)

    @property
    def value(self) -> CellValue:
        return CellValue(tuple(self.marks), self.attendance, self.reason, self.minutes)

    @property
    def comment(self) -> str:
        return " · ".join(comment for comment in self.comments if comment)

    @property
    def flags(self) -> int:
        return int((CellFlag.COMMENT if self.comment else 0) | (CellFlag.CHANGED if self.changed else 0))

    def spelled(self) -> list[Any]:
        """[text, version, flags, comment] for the browser, without the last two where they are empty."""
        comment, flags = self.comment, self.flags
        return [self.value.text, self.version, *((flags, comment) if comment else (flags,) if flags else ())]


_IN_WORKS = bindparam("works", expanding=True)
_IN_STUDENTS = bindparam("students", expanding=True)
_CELLS = select(_cell.c.student_id, _cell.c.work_id, _cell.c.version, _cell.c.changed).where(
    _cell.c.work_id.in_(_IN_WORKS)
)
_MARKS = (
    select(_mark.c.student_id, _mark.c.work_id, _mark.c.code, _mark.c.hundredths, _mark.c.comment)
    .where(_mark.c.work_id.in_(_IN_WORKS))
    .order_by(_mark.c.work_id, _mark.c.student_id, _mark.c.ordinal)
)
_ATTENDED = (
    select(
        _attendance.c.student_id,
        _work.c.id.label("work_id"),
        _attendance.c.code,
        _attendance.c.reason,
        _attendance.c.minutes,
    )
    .select_from(_attendance)
    .join(_work, (_work.c.lesson_id == _attendance.c.lesson_id) & (_work.c.ordinal == 1) & WORK_NOT_TAKEN_BACK)
    .where(_work.c.id.in_(_IN_WORKS))
)
_ALL = tuple(Prepared(statement) for statement in (_CELLS, _MARKS, _ATTENDED))
_SOME = tuple(
    Prepared(statement.where(rows.c.student_id.in_(_IN_STUDENTS)))
    for statement, rows in ((_CELLS, _cell), (_MARKS, _mark), (_ATTENDED, _attendance))
)
_TOUCHED = Prepared(
    select(
        _cell.c.student_id,
        _cell.c.work_id,
        _cell.c.version,
        _cell.c.changed,
        select(func.min(_mark.c.written_at))
        .where(_mark.c.work_id == _cell.c.work_id, _mark.c.student_id == _cell.c.student_id)
        .scalar_subquery()
        .label("since"),
    ).where(_cell.c.work_id.in_(_IN_WORKS), _cell.c.student_id.in_(_IN_STUDENTS))
)
_COUNTING = Prepared(
    select(_mark.c.student_id, _mark.c.work_id, _mark.c.hundredths)
    .select_from(_mark)
    .join(_work, _work.c.id == _mark.c.work_id)
    .join(_lesson, _lesson.c.id == _work.c.lesson_id)
    .join(_course, _course.c.id == _lesson.c.course_id)
    .where(
        _mark.c.work_id.in_(_IN_WORKS),
        _mark.c.student_id.in_(_IN_STUDENTS),
        _mark.c.hundredths.is_not(None),
        member_on(_course.c.group_id, _mark.c.student_id, _lesson.c.day),
        LESSON_NOT_TAKEN_BACK,
        WORK_NOT_TAKEN_BACK,
    )
)
_MOMENTS = Prepared(
    select(_mark.c.student_id, _mark.c.work_id, _mark.c.written_at)
    .where(_mark.c.work_id.in_(_IN_WORKS), _mark.c.student_id.in_(_IN_STUDENTS))
    .order_by(_mark.c.work_id, _mark.c.student_id, _mark.c.ordinal)
)
_WEIGHTS = Prepared(
    select(_work.c.id, _work.c.weight, _lesson.c.day)
    .select_from(_lesson)
    .join(_work, _work.c.lesson_id == _lesson.c.id)
    .where(
        _lesson.c.course_id == bindparam("course"),
        _lesson.c.day.between(bindparam("first"), bindparam("last")),
        LESSON_NOT_TAKEN_BACK,
        WORK_NOT_TAKEN_BACK,
    )
)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a mark of a work counts, and the day on which its student must belong to the course for that."""

    weight: int
    day: date


def weights(connection: Connection, course_id: int, first: date, last: date) -> dict[int, Weight]:
    """{work id: weight} of every column of a course from `first` to `last`, both included."""
    rows = _WEIGHTS.all(connection, {"course": course_id, "first": first, "last": last})
    return {row.id: Weight(row.weight, row.day) for row in rows}


def stored_cells(
    connection: Connection, work_ids: Collection[int], student_ids: Collection[int] | None = None
) -> dict[tuple[int, int], StoredCell]:
    """{(student id, work id): cell} of everything that is not empty or was once written."""
    found: dict[tuple[int, int], StoredCell] = {}
    if not work_ids or (student_ids is not None and not student_ids):
        return found

    def at(student_id: int, work_id: int) -> StoredCell:
        return found.setdefault((student_id, work_id), StoredCell())

    chosen: dict[str, list[int]] = {"works": list(work_ids)}
    cells, marks, attended = _ALL if student_ids is None else _SOME
    if student_ids is not None:
        chosen["students"] = list(student_ids)
    for row in cells.all(connection, chosen):
        cell = at(row.student_id, row.work_id)
        cell.version, cell.changed = row.version, row.changed
    for row in marks.all(connection, chosen):
        at(row.student_id, row.work_id).add(row)
    for row in attended.all(connection, chosen):
        cell = at(row.student_id, row.work_id)
        cell.attendance, cell.reason, cell.minutes = row.code, row.reason, row.minutes
    return found


@dataclass(frozen=True, slots=True)
class Mean:
    """The exact weighted mean of a student in a course and period, over `count` marks."""

    exact: Fraction | None
    count: int


def means(
    connection: Connection, course_id: int, first: date, last: date, student_ids: Collection[int]
) -> dict[int, Mean]:
    """The exact means of students in a course over the lessons from `first` to `last`, both included.

    Marks are looked up by work and student, never by student alone: a year more must not make this slower (P-13).
    Those of days on which the student was not in the course count nowhere.
    """
    counting = weights(connection, course_id, first, last)
    gathered: dict[int, list[WeightedMark]] = {student_id: [] for student_id in student_ids}
    if counting and gathered:
        for row in _COUNTING.all(connection, {"works": list(counting), "students": list(gathered)}):
            gathered[row.student_id].append(WeightedMark(row.hundredths, counting[row.work_id].weight))
    return {student_id: mean_of(marks) for student_id, marks in gathered.items()}


def means_of(
    cells: Mapping[tuple[int, int], StoredCell], counting: Mapping[int, int], student_ids: Collection[int]
) -> dict[int, Mean]:
    """The same means over cells that were read already; `counting` = {work id: weight}."""
    gathered: dict[int, list[WeightedMark]] = {student_id: [] for student_id in student_ids}
    for (student_id, work_id), cell in cells.items():
        if student_id in gathered:
            gathered[student_id] += [
                WeightedMark(mark.hundredths, counting[work_id]) for mark in cell.marks if mark.hundredths is not None
            ]
    return {student_id: mean_of(marks) for student_id, marks in gathered.items()}


def mean_of(marks: Sequence[WeightedMark]) -> Mean:
    return Mean(weighted_mean(marks), len(marks))


@dataclass(slots=True)
class CellsBefore:
    """What a writer needs before he writes: the cells he touches, and what counts beside them.

    `counted` = {student id: {work id: [hundredths of each mark that counts]}} over the works that were asked for.
    """

    cells: dict[tuple[int, int], StoredCell]
    counted: dict[int, dict[int, list[int]]]


def cells_before(
    connection: Connection, touched: Collection[int], student_ids: Collection[int], counting: Iterable[int]
) -> CellsBefore:
    """The cells of students in the works `touched`, and their marks in the works `counting`, in three statements."""
    found = CellsBefore({}, {student_id: {} for student_id in student_ids})
    if not touched or not student_ids:
        return found
    chosen: dict[str, list[int]] = {"works": list(touched), "students": list(student_ids)}
    _cells, marks, attended = _SOME

    def at(student_id: int, work_id: int) -> StoredCell:
        return found.cells.setdefault((student_id, work_id), StoredCell())

    for row in _TOUCHED.all(connection, chosen):
        cell = at(row.student_id, row.work_id)
        cell.version, cell.changed, cell.since = row.version, row.changed, row.since
    wide = {"works": sorted({*touched, *counting}), "students": chosen["students"]}
    for row in marks.all(connection, wide):
        if row.hundredths is not None:
            found.counted[row.student_id].setdefault(row.work_id, []).append(row.hundredths)
        if row.work_id in touched:
            at(row.student_id, row.work_id).add(row)
    for row in attended.all(connection, chosen):
        cell = at(row.student_id, row.work_id)
        cell.attendance, cell.reason, cell.minutes = row.code, row.reason, row.minutes
    return found


def read_moments(connection: Connection, cells: Mapping[tuple[int, int], StoredCell]) -> None:
    """Fill `written` of these cells {(student id, work id): cell}: when each mark was written; one statement."""
    asked = {"works": sorted({work for _s, work in cells}), "students": sorted({student for student, _w in cells})}
    for cell in cells.values():
        cell.written = []
    for row in _MOMENTS.all(connection, asked):
        if (row.student_id, row.work_id) in cells:
            cells[row.student_id, row.work_id].written.append(row.written_at)


def belonging(
    cells: Mapping[tuple[int, int], StoredCell], pupils: Mapping[int, Student], days: Mapping[int, date]
) -> dict[tuple[int, int], StoredCell]:
    """Those of {(student, work): cell} whose student was in the group on the day of the work.

    The others were entered before a membership was dated back: `courses/queries/outside.py` lists them.
    """
    return {
        (student, work): cell
        for (student, work), cell in cells.items()
        if student in pupils and pupils[student].belongs_on(days[work])
    }
