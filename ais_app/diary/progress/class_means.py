"""The mean of the class in each subject, where the school compares with it (D-51): nothing else of the others."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from sqlalchemy import func, select

from ais_app.db.columns import holds_within, table
from ais_app.diary.queries import readable_students
from ais_app.diary.settings import CLASS_MEAN, LEAST_STUDENTS
from ais_app.journal.grid.models import Mark
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import DaySpan
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.school.models import Course, Enrollment
from ais_app.school.queries import member_on
from ais_app.school_settings.queries import value

_person, _enrollment, _course = table(Person), table(Enrollment), table(Course)
_lesson, _work, _mark = table(Lesson), table(Work), table(Mark)


def class_means(reading: Reading, student_uid: str, span: DaySpan) -> dict[str, Fraction]:
    """{course uid: the mean of the means of its students in these days}, of courses with at least `LEAST_STUDENTS`
    students that have marks; {} where the school does not compare.

    Raises NotYours for absent and foreign alike.
    """
    student = reading.execute(
        select(_person.c.id, _person.c.school_id).where(
            _person.c.uid == student_uid, readable_students(reading.actor, reading.today)
        )
    ).one_or_none()
    if student is None:
        raise NotYours
    if not value(reading.connection, CLASS_MEAN, student.school_id, reading.today):
        return {}
    own_groups = select(_enrollment.c.group_id).where(
        _enrollment.c.person_id == student.id, holds_within(_enrollment, span.first, span.last)
    )
    rows = reading.execute(
        select(
            _course.c.uid,
            func.sum(_mark.c.hundredths * _work.c.weight).label("total"),
            func.sum(_work.c.weight).label("weight"),
        )
        .select_from(_mark)
        .join(_work, _work.c.id == _mark.c.work_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(
            _course.c.group_id.in_(own_groups),
            _lesson.c.day.between(span.first, span.last),
            _mark.c.hundredths.is_not(None),
            member_on(_course.c.group_id, _mark.c.student_id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .group_by(_course.c.uid, _mark.c.student_id)
    )
    means: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows:
        if row.weight:
            means[row.uid].append(Fraction(int(row.total), 100 * int(row.weight)))
    return {
        course: sum(found, Fraction(0)) / len(found) for course, found in means.items() if len(found) >= LEAST_STUDENTS
    }
