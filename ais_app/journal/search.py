"""What the search finds of the journals: courses, their students, classes and teachers, each with a page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, not_, select

from ais_app.db.columns import holds_on, table
from ais_app.i18n import _, ngettext, p_
from ais_app.journal.courses.queries.courses import CourseLine, courses
from ais_app.people.models import Person
from ais_app.people.names import Name, by_name
from ais_app.people.searching import Hit, fits
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope
from ais_app.school.models import Course, CourseTeacher, Enrollment
from ais_app.school.queries import in_own_class
from ais_app.school.search import MOST, StudentLine, family_first, is_called, named, present_years, students
from ais_app.school.search import classes as present_classes

_person, _course, _teacher, _enrollment = table(Person), table(Course), table(CourseTeacher), table(Enrollment)


def journals(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The journals that the actor may open; an inspector finds none by the name of a teacher."""
    watched = reading.hat.is_watched

    def texts(one: CourseLine) -> tuple[str, ...]:
        return (one.class_name, one.subject) if watched else (one.class_name, one.subject, one.teacher)

    found = [one for one in courses(reading) if fits(words, *texts(one))]
    return [
        Hit(
            key=one.uid,
            href=f"/journal/{one.uid}",
            title=", ".join(filter(None, (one.class_name, one.subject))),
            line=", ".join(filter(None, ("" if watched else one.teacher, _today(one)))),
            go=p_("search", "open the journal"),
            icon="journal",
        )
        for one in sorted(found, key=lambda one: not fits(words, one.class_name, one.subject))[:MOST]
    ]


def _today(one: CourseLine) -> str:
    return _("today lesson {number}").format(number=", ".join(map(str, one.today))) if one.today else ""


def taught(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The students of the courses that the actor teaches, each with the journal of one; not those of his own class."""
    mine = {one.uid: one for one in courses(reading) if one.own}
    in_courses = and_(
        _enrollment.c.group_id == _course.c.group_id,
        holds_on(_enrollment, reading.today),
        _course.c.uid.in_(list(mine)),
    )
    groups = select(_enrollment.c.person_id).join(_course, in_courses)
    among = and_(_person.c.id.in_(groups), not_(in_own_class(reading.actor, reading.today)))
    found = students(reading, words, among)
    of_student = _first_courses(reading, found, list(mine))
    return [
        Hit(
            key=one.uid,
            href=f"/journal/{of_student[one.id]}",
            name=one.name,
            line=f"{one.class_name}, {mine[of_student[one.id]].subject}",
            go=p_("search", "open the journal"),
        )
        for one in found
    ]


def _first_courses(reading: Reading, found: Sequence[StudentLine], mine: Sequence[str]) -> dict[int, str]:
    """{student id: the first of these courses (uids) in which he is}."""
    rows = reading.execute(
        select(_enrollment.c.person_id, _course.c.uid)
        .join(_course, _course.c.group_id == _enrollment.c.group_id)
        .where(
            _enrollment.c.person_id.in_([one.id for one in found]),
            holds_on(_enrollment, reading.today),
            _course.c.uid.in_(list(mine)),
        )
    )
    place = {uid: number for number, uid in enumerate(mine)}
    first: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: place[row.uid]):
        first.setdefault(row.person_id, row.uid)
    return first


def classes(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """Classes: with the list of their journals for who looks after the school, with his own journal for a teacher."""
    if reading.actor.may(Right.SEE_KEEPING):
        return [
            Hit(
                key=one.uid,
                href=f"/journal?school_class={one.uid}",
                title=one.name,
                line=ngettext("{count} student", "{count} students", one.students),
                go=p_("search", "journals of the class"),
                letters=one.name[:3],
            )
            for one in present_classes(reading, words)
        ]
    if Scope.OWN_COURSES not in reading.actor.scopes(Right.SEE_JOURNAL):
        return []
    mine: dict[str, list[CourseLine]] = {}
    for one in courses(reading):
        if one.own and one.class_name and fits(words, one.class_name):
            mine.setdefault(one.class_name, []).append(one)
    return [
        Hit(
            key=f"class:{name}",
            href=f"/journal/{own[0].uid}",
            title=name,
            line=", ".join(one.subject for one in own),
            go=p_("search", "open the journal"),
            letters=name[:3],
        )
        for name, own in mine.items()
    ]


def teachers(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """Who teaches in the present year, with the list of his journals; for who looks after the school only."""
    teaching = (
        select(_teacher.c.person_id)
        .join(_course, _course.c.id == _teacher.c.course_id)
        .where(
            _course.c.school_id == reading.hat.school_id,
            _course.c.year_id.in_(present_years(reading)),
            holds_on(_teacher, reading.today),
        )
    )
    rows = reading.execute(
        select(_person)
        .where(_person.c.school_id == reading.hat.school_id, _person.c.id.in_(teaching), named(words))
        .order_by(*by_name(_person))
    ).all()
    subjects = _subjects(reading, [row.id for row in rows])
    found = [
        Hit(
            key=row.uid,
            href=f"/journal?teacher={row.uid}",
            name=Name.of(row),
            line=_("teacher: {subjects}").format(subjects=", ".join(subjects.get(row.id, ()))),
            go=p_("search", "journals of the teacher"),
        )
        for row in rows
        if is_called(words, Name.of(row))
    ]
    return family_first(words, found)[:MOST]


def _subjects(reading: Reading, people: Sequence[int]) -> dict[int, list[str]]:
    """{teacher: the names of his courses, each once, at most three}."""
    rows = reading.execute(
        select(_teacher.c.person_id, _course.c.name)
        .join(_course, _course.c.id == _teacher.c.course_id)
        .where(
            _teacher.c.person_id.in_(list(people)),
            holds_on(_teacher, reading.today),
            _course.c.year_id.in_(present_years(reading)),
        )
        .distinct()
        .order_by(_course.c.name)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.name)
    return {person: names[:3] for person, names in found.items()}
