"""P-8 what a live summary sheet needs: the means of everybody in every course and period. There is no such page yet.

Measured is the product's own read of a course (`cells.means`) over all courses of a class in the present period, beside
one aggregating statement for the same; and that statement for the whole school's year (1,000 students, 394,000 marks).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from ais_app.journal.courses.queries import students as courses_students
from ais_app.journal.grid.queries import cells
from ais_app.journal.windows.queries import periods
from tests.bench import schools
from tests.bench.figures import Figure, timed, took

ROUNDS = 20
PRESENT_YEAR = "(SELECT id FROM academic_year ORDER BY starts_on DESC LIMIT 1)"
COURSES = f"""
SELECT course.id, course.scheme_id, course.group_id FROM course
JOIN school_class ON school_class.id = course.class_id
WHERE school_class.name = :name AND course.year_id = {PRESENT_YEAR}
ORDER BY course.id
"""
MEANS = """
SELECT mark.student_id, lesson.course_id, grading_period.id, SUM(mark.hundredths * work.weight), SUM(work.weight), COUNT(*)
FROM course
JOIN grading_period ON grading_period.scheme_id = course.scheme_id
JOIN lesson ON lesson.course_id = course.id AND lesson.day BETWEEN grading_period.starts_on AND grading_period.ends_on
JOIN work ON work.lesson_id = lesson.id
JOIN mark ON mark.work_id = work.id AND mark.hundredths IS NOT NULL
WHERE {which}
GROUP BY mark.student_id, lesson.course_id, grading_period.id
"""
A_CLASS = MEANS.format(
    which=f"course.class_id = (SELECT id FROM school_class WHERE name = '9Б' AND year_id = {PRESENT_YEAR}) "
    "AND :today BETWEEN grading_period.starts_on AND grading_period.ends_on"
)
THE_SCHOOL = MEANS.format(which=f"course.year_id = {PRESENT_YEAR}")


def courses_of(connection: Connection, name: str) -> Sequence[Any]:
    """The courses of a class of the present year."""
    return connection.execute(text(COURSES), {"name": name}).all()


def means(connection: Connection, courses: Sequence[Any], today: date) -> int:
    """Every student's mean in every one of the courses, in the present period; returns how many there are."""
    found = 0
    for row in courses:
        period = periods.present_period(periods.periods(connection, row.scheme_id), today)
        students = courses_students.students(connection, row.group_id, period.first, period.last)
        found += len(cells.means(connection, row.id, period.first, period.last, [one.id for one in students]))
    return found


def means_of_a_class(connection: Connection, today: date) -> int:
    return means(connection, courses_of(connection, "9Б"), today)


def aggregated(connection: Connection, statement: str, today: date) -> int:
    values = {"today": today.isoformat()} if ":today" in statement else {}
    return len(connection.execute(text(statement), values).all())


def repeated(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of each round, the first one left out."""
    return [took(work) for _round in range(rounds + 1)][1:]


def run() -> list[Figure]:
    database, today = schools.opened(schools.large()), schools.NOW.date()
    try:
        assert database.read(means_of_a_class, today) >= database.read(aggregated, A_CLASS, today) > 0
        by_class = repeated(lambda: database.read(means_of_a_class, today))
        bare = repeated(lambda: database.read(aggregated, A_CLASS, today))
        whole = repeated(lambda: database.read(aggregated, THE_SCHOOL, today), rounds=5)
    finally:
        database.close()
    return [
        timed(
            "exact means of a class (9Б, all courses, present period) by the product's read; no page yet",
            by_class,
            limit=(100, None),
            reference=("one aggregating statement", bare),
        ),
        timed("the aggregating statement for the school's year (394,000 marks)", whole, limit=(1000, None)),
    ]
