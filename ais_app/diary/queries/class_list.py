"""What the class teacher's list says of each student: the last marks, and the lessons missed in a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, case, cast, func, select

from ais_app.db.columns import table
from ais_app.diary.queries.students import readable_students
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Mark
from ais_app.journal.grid.rules import ABSENT
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.people.models import Person
from ais_app.rights.reading import Reading
from ais_app.school.models import Course
from ais_app.school.queries import member_on

MOST_MARKS, WEEKS = 6, 4

_person = table(Person)
_lesson = table(Lesson)
_course = table(Course)
_work = table(Work)
_mark = table(Mark)
_attendance = table(Attendance)


@dataclass(frozen=True, slots=True)
class LastMark:
    """A mark with its subject and day."""

    code: str
    subject: str
    day: date


@dataclass(frozen=True, slots=True)
class Missed:
    """How many lessons of a week a student missed, and how many of them without a known reason."""

    lessons: int
    unexplained: int


def last_marks(reading: Reading, until: date) -> dict[str, list[LastMark]]:
    """{student uid: at most `MOST_MARKS` marks of the four weeks up to a day, newest first} of the students whose diary
    the actor may open.
    """
    rank = (
        func.row_number()
        .over(
            partition_by=_mark.c.student_id,
            order_by=(_lesson.c.day.desc(), _lesson.c.number.desc(), _work.c.ordinal.desc(), _mark.c.ordinal.desc()),
        )
        .label("rank")
    )
    ranked = (
        select(_person.c.uid, _mark.c.code, _course.c.name, _lesson.c.day, rank)
        .select_from(_mark)
        .join(_person, _person.c.id == _mark.c.student_id)
        .join(_work, _work.c.id == _mark.c.work_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(
            readable_students(reading.actor, reading.today),
            _lesson.c.day.between(until - timedelta(weeks=WEEKS), until),
            member_on(_course.c.group_id, _person.c.id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .subquery()
    )
    found: dict[str, list[LastMark]] = {}
    for row in reading.execute(select(ranked).where(ranked.c.rank <= MOST_MARKS).order_by(ranked.c.rank)):
        found.setdefault(row.uid, []).append(LastMark(row.code, row.name, row.day))
    return found


def missed(reading: Reading, monday: date) -> dict[str, Missed]:
    """{student uid: what he missed in the week} of the students whose diary the actor may open, if they missed any."""
    unexplained = func.sum(cast(case((_attendance.c.reason == "", 1), else_=0), Integer))
    rows = reading.execute(
        select(_person.c.uid, func.count().label("lessons"), unexplained.label("unexplained"))
        .select_from(_attendance)
        .join(_person, _person.c.id == _attendance.c.student_id)
        .join(_lesson, _lesson.c.id == _attendance.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(
            readable_students(reading.actor, reading.today),
            _attendance.c.code == ABSENT,
            _lesson.c.day.between(monday, monday + timedelta(days=6)),
            member_on(_course.c.group_id, _person.c.id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
        )
        .group_by(_person.c.uid)
    )
    return {row.uid: Missed(row.lessons, row.unexplained) for row in rows}
