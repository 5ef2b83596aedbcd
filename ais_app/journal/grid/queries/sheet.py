"""The sheet: everything the grid shows of a course in one grading period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ais_app.db.feeds import sequence_of
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.courses.queries.students import Student, names, students
from ais_app.journal.events import feed_of
from ais_app.journal.grid.grammar import may_set_reasons
from ais_app.journal.grid.queries.cells import Mean, StoredCell, belonging, means_of, stored_cells
from ais_app.journal.lessons.queries.columns import Column, columns
from ais_app.journal.windows.queries.periods import PeriodRow
from ais_app.rights.reading import Reading


@dataclass(frozen=True, slots=True)
class Sheet:
    """`students` are the rows of the table, by name, with their `names` {student uid: name}; `columns` in order.

    `cells` = {(student id, work id): cell}; `means` = {student id: mean}; `reasons`: the reader may set those of
    absences; `sequence` = the number of the course's last change.
    """

    course: CourseRow
    period: PeriodRow
    sequence: int
    reasons: bool
    students: list[Student]
    names: Mapping[str, str]
    columns: list[Column]
    cells: Mapping[tuple[int, int], StoredCell]
    means: Mapping[int, Mean]


def sheet(reading: Reading, course: CourseRow, period: PeriodRow) -> Sheet:
    """The snapshot the grid opens with."""
    pupils = students(reading.connection, course.group_id, period.first, period.last)
    works = columns(reading, course, period.first, period.last)
    cells = belonging(
        stored_cells(reading.connection, [work.id for work in works]),
        {pupil.id: pupil for pupil in pupils},
        {work.id: work.day for work in works},
    )
    return Sheet(
        course=course,
        period=period,
        sequence=sequence_of(reading.connection, feed_of(course.uid)),
        reasons=may_set_reasons(reading.actor, course),
        students=pupils,
        names=names(reading, pupils),
        columns=works,
        cells=cells,
        means=means_of(cells, {work.id: work.weight for work in works}, [pupil.id for pupil in pupils]),
    )
