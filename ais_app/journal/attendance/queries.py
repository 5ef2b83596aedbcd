"""The roll call of a lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ais_app.journal.courses.queries import students as sheets
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.courses.queries.students import students
from ais_app.journal.grid import rules
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.rights.reading import Reading


@dataclass(frozen=True, slots=True)
class RollLine:
    """A student at the lesson: attendance code as shown («», «н», «б», «у», «о10»)."""

    student: str
    name: str
    code: str


def roll(reading: Reading, course: CourseRow, at: tuple[date, int]) -> tuple[RollLine, ...]:
    """The roll call of the lesson `at` = (its day, id of its first work): the students of that day, by name."""
    day, work_id = at
    pupils = students(reading.connection, course.group_id, day, day)
    names = sheets.names(reading, pupils)
    cells = stored_cells(reading.connection, [work_id])
    called = []
    for pupil in pupils:
        if not pupil.belongs_on(day):
            continue
        cell = cells.get((pupil.id, work_id), StoredCell())
        code = rules.CellValue((), cell.attendance, cell.reason, cell.minutes).text
        called.append(RollLine(pupil.uid, names[pupil.uid], code))
    return tuple(called)
