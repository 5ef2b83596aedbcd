"""Who has seen a week («ознакомлен»), and what has appeared since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from ais_app.access.rules import Actor
from ais_app.db.columns import table
from ais_app.diary.models import Acknowledgement
from ais_app.diary.queries.students import readable_students
from ais_app.journal.models import Course, Lesson, Work
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.school.models import Enrollment, Person
from ais_app.school.rules import initials

TERM = timedelta(days=3)  # after the school week (P-DIA-2: the usual one; Moscow gave three days)

_acknowledgement = table(Acknowledgement)
_person = table(Person)
_work = table(Work)
_lesson = table(Lesson)
_course = table(Course)
_enrollment = table(Enrollment)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A guardian who has seen the week."""

    who: str
    person: str
    at: datetime


def seen_by(connection: Connection, student_id: int, monday: date) -> list[SeenLine]:
    """Who has acknowledged the week, the first one first. The caller has checked who reads."""
    rows = connection.execute(
        select(_acknowledgement.c.at, _person)
        .join(_person, _person.c.id == _acknowledgement.c.guardian_id)
        .where(_acknowledgement.c.student_id == student_id, _acknowledgement.c.monday == monday)
        .order_by(_acknowledgement.c.at)
    )
    return [SeenLine(initials(row.family_name, row.given_name, row.patronymic), row.uid, row.at) for row in rows]


def appeared_since(
    connection: Connection, actor: Actor, student: tuple[int, str], monday: date, since: datetime
) -> int:
    """How many cells of a student (key, uid) in the week were written after `since`: marks, absences, corrections."""
    works = connection.execute(
        select(_work.c.uid)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_enrollment, _enrollment.c.group_id == _course.c.group_id)
        .where(_enrollment.c.person_id == student[0], _lesson.c.day.between(monday, monday + timedelta(days=6)))
    ).scalars()
    subjects = [f"{student[1]}:{uid}" for uid in set(works)]
    return ledger.touched_since(connection, school_chain(actor.hat.school_uid), "cell", subjects, since)


def week_of_a_class(connection: Connection, actor: Actor, monday: date, today: date) -> dict[str, list[SeenLine]]:
    """{student uid: who has seen the week} of every student whose diary the actor may open."""
    guardian = _person.alias("guardian")
    rows = connection.execute(
        select(_person.c.uid.label("student"), _acknowledgement.c.at, guardian)
        .select_from(_acknowledgement)
        .join(_person, _person.c.id == _acknowledgement.c.student_id)
        .join(guardian, guardian.c.id == _acknowledgement.c.guardian_id)
        .where(_acknowledgement.c.monday == monday, readable_students(actor, today))
        .order_by(_acknowledgement.c.at)
    )
    found: dict[str, list[SeenLine]] = {}
    for row in rows:
        name = initials(row.family_name, row.given_name, row.patronymic)
        found.setdefault(row.student, []).append(SeenLine(name, row.uid, row.at))
    return found
