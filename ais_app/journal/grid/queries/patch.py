"""Patches: what changed, small enough for every keystroke; the shape is the contract of `journal/grid/table`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import pairs, table
from ais_app.journal.courses.queries import students as courses_students
from ais_app.journal.grid.means import Thresholds, shown_mean
from ais_app.journal.grid.queries.cells import Mean, StoredCell, belonging, means, stored_cells
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.windows.queries import periods
from ais_app.people.models import Person
from ais_app.school.models import Course

_course = table(Course)
_lesson = table(Lesson)
_work = table(Work)
_person = table(Person)

CellKey = tuple[str, str]  # (student uid, work uid)
# Rows [student, work, text, version, flags?, comment?], and [mean, count] of each student of them, in the order in
# which they first come.
Shown = tuple[list[list[Any]], list[list[Any]]]


_STUDENT_IDS = select(_person.c.uid, _person.c.id).where(_person.c.uid.in_(bindparam("students", expanding=True)))
_TOUCHED = (
    select(_work.c.uid, _work.c.id, _lesson.c.day, _lesson.c.course_id, _course.c.scheme_id, _course.c.group_id)
    .select_from(_work)
    .join(_lesson, _lesson.c.id == _work.c.lesson_id)
    .join(_course, _course.c.id == _lesson.c.course_id)
    .where(
        _work.c.uid.in_(bindparam("works", expanding=True)),
        _course.c.uid == bindparam("course"),
        LESSON_NOT_TAKEN_BACK,
        WORK_NOT_TAKEN_BACK,
    )
)


def changed_cells(connection: Connection, course_uid: str, touched: Sequence[CellKey], thresholds: Thresholds) -> Shown:
    """The present state of touched cells and the means of their students, in the periods of these lessons.

    No actor: the caller has checked, for each reader, that he may read the course.
    """
    students = pairs(connection.execute(_STUDENT_IDS, {"students": sorted({student for student, _w in touched})}))
    asked = {"works": sorted({work for _s, work in touched}), "course": course_uid}
    works = {row.uid: row for row in connection.execute(_TOUCHED, asked)}
    stored = _belonging(connection, list(works.values()), list(students.values()))
    cells = {
        (student, work): stored.get((students[student], works[work].id), StoredCell())
        for student, work in touched
        if student in students and work in works
    }
    return written_cells(list(cells), cells, _changed_means(connection, list(works.values()), students), thresholds)


def _belonging(
    connection: Connection, works: Sequence[Any], student_ids: Sequence[int]
) -> dict[tuple[int, int], StoredCell]:
    """{(student id, work id): cell} in these works, of students who were in the group on their days."""
    if not works:
        return {}
    days = {row.id: row.day for row in works}
    members = courses_students.members(connection, works[0].group_id, min(days.values()), max(days.values()))
    stored = stored_cells(connection, list(days), student_ids)
    return belonging(stored, {one.id: one for one in members}, days)


def written_cells(
    touched: Sequence[CellKey],
    cells: Mapping[CellKey, StoredCell],
    averages: Mapping[str, Mean],
    thresholds: Thresholds,
) -> Shown:
    """The same as `changed_cells`, from what was just written instead of what is read."""
    shown = [[*key, *cells[key].spelled()] for key in touched]
    means_ = [averages[student] for student in dict.fromkeys(student for student, _work in touched)]
    return shown, [[shown_mean(mean.exact, thresholds), mean.count] for mean in means_]


def _changed_means(connection: Connection, works: Sequence[Any], students: dict[str, int]) -> dict[str, Mean]:
    if not works:
        return {}
    found = periods.periods(connection, works[0].scheme_id)
    first, last = _span(found, [work.day for work in works])
    averages = means(connection, works[0].course_id, first, last, students.values())
    return {uid: averages[student_id] for uid, student_id in students.items()}


def _span(found: Sequence[periods.PeriodRow], days: Sequence[date]) -> tuple[date, date]:
    """The period of the first of the lessons. Where a patch spans two (a reason of absence can), the browser takes no
    mean from it and reads its sheet anew.
    """
    period = periods.present_period(found, min(days))
    return period.first, period.last
