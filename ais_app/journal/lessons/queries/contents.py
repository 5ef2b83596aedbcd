"""How much is taken out of sight with a lesson or a column: the person who takes it back is told."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import table
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Mark
from ais_app.journal.lessons.models import Work
from ais_app.journal.lessons.queries.not_taken_back import WORK_NOT_TAKEN_BACK
from ais_app.journal.remarks.models import Remark

_work = table(Work)
_mark = table(Mark)
_attendance = table(Attendance)
_remark = table(Remark)


@dataclass(frozen=True, slots=True)
class Contents:
    """How many of each are taken out of sight; false where there is nothing."""

    marks: int
    absences: int = 0
    comments: int = 0
    remarks: int = 0

    def __bool__(self) -> bool:
        return bool(self.marks or self.absences or self.remarks)


def contents_of_lesson(connection: Connection, lesson_id: int) -> Contents:
    """What a lesson holds in all its columns."""
    works = select(_work.c.id).where(_work.c.lesson_id == lesson_id, WORK_NOT_TAKEN_BACK)
    marks, comments = _marks(connection, _mark.c.work_id.in_(works))
    absences = select(func.count()).select_from(_attendance).where(_attendance.c.lesson_id == lesson_id)
    remarks = (
        select(func.count())
        .select_from(_remark)
        .where(_remark.c.lesson_id == lesson_id, _remark.c.withdrawn_at.is_(None))
    )
    return Contents(
        marks, connection.execute(absences).scalar_one(), comments, connection.execute(remarks).scalar_one()
    )


def contents_of_work(connection: Connection, work_id: int) -> Contents:
    """What a column holds; no absences, which belong to the first column of its lesson."""
    marks, comments = _marks(connection, _mark.c.work_id == work_id)
    return Contents(marks, comments=comments)


def _marks(connection: Connection, where: ColumnElement[bool]) -> tuple[int, int]:
    """How many marks, and how many of them have a comment."""
    row = connection.execute(
        select(func.count().label("marks"), func.count().filter(_mark.c.comment != "").label("comments"))
        .select_from(_mark)
        .where(where)
    ).one()
    return row.marks, row.comments
