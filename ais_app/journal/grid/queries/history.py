"""One cell beside the grid, with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ais_app.db.columns import table
from ais_app.journal.courses.queries import students
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.grid.queries import cells
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.windows.queries import openings
from ais_app.journal.windows.queries.openings import Opener
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.people.queries import names_of
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.school.models import ControlType

_lesson = table(Lesson)
_work = table(Work)
_type = table(ControlType)


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step of a cell: its text before and after, who, when, and the reason when one was given.

    `opening`: who had opened the lesson after its window, and why, where it was entered by that.
    """

    before: str
    after: str
    who: str
    moment: datetime
    reason: str
    opening: Opener | None


@dataclass(frozen=True, slots=True)
class CellPanel:
    student: str
    name: str
    value: str
    kind: str
    weight: int
    comment: str
    history: tuple[HistoryStep, ...]


def cell_panel(reading: Reading, course: CourseRow, cell_key: tuple[str, str]) -> CellPanel:
    """The cell `cell_key` = (student uid, work uid) with its history, newest first.

    Raises NotYours when it is not a cell of this course.
    """
    student_uid, work_uid = cell_key
    name, work, cell = _cell(reading, course, (student_uid, work_uid))
    return CellPanel(
        student=student_uid,
        name=name,
        value=cell.value.text,
        kind=work.name,
        weight=work.weight,
        comment=cell.comment,
        history=_history(reading.connection, course, f"{student_uid}:{work_uid}"),
    )


def _cell(reading: Reading, course: CourseRow, cell_key: tuple[str, str]) -> tuple[str, Any, StoredCell]:
    """(the student's name as the lists of the course show it, the row of the work, the cell). Raises NotYours."""
    student_uid, work_uid = cell_key
    pupils = students.students(reading.connection, course.group_id, course.year_from, course.year_to)
    pupil = next((one for one in pupils if one.uid == student_uid), None)
    work = reading.execute(
        select(_work.c.id, _type.c.name, _work.c.weight, _lesson.c.day)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.uid == work_uid, _lesson.c.course_id == course.id, LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK)
    ).one_or_none()
    if pupil is None or work is None:
        raise NotYours
    stored = cells.belonging(
        stored_cells(reading.connection, [work.id], [pupil.id]), {pupil.id: pupil}, {work.id: work.day}
    )
    name = students.names(reading, pupils)[student_uid]
    return name, work, stored.get((pupil.id, work.id), StoredCell())


def _history(connection: Connection, course: CourseRow, subject: str) -> tuple[HistoryStep, ...]:
    steps = ledger.history(connection, school_chain(course.school_uid), "cell", subject)
    names = names_of(connection, {step.hat.rpartition(":")[2] for step in steps})
    operations = [step.operation for step in steps]
    reasons = ledger.texts_beside(connection, operations, ("reason", "excuse")) | ledger.reasons(connection, operations)
    by = openings.openers(connection, list({uid for step in steps if (uid := (step.after or {}).get("opening"))}))
    return tuple(
        HistoryStep(
            before=(step.before or {}).get("value", ""),
            after=(step.after or {}).get("value", ""),
            who=names.get(step.hat.rpartition(":")[2], ""),
            moment=step.moment,
            reason=reasons.get(step.operation, ""),
            opening=by.get((step.after or {}).get("opening", "")),
        )
        for step in steps
    )
