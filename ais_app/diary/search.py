"""What the search finds of the diaries: the children of a family and their subjects, a class with its guardians."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select

from ais_app.db.columns import holds_on, table
from ais_app.diary.queries.students import children, readable_students
from ais_app.i18n import _, ngettext, p_
from ais_app.people.models import Guardianship, Person
from ais_app.people.names import Name, by_name
from ais_app.people.searching import Hit, fits
from ais_app.rights.reading import Reading
from ais_app.school.models import Course, Enrollment, SchoolClass
from ais_app.school.queries import classes_led_by
from ais_app.school.search import MOST, family_first, is_called, named, present_years
from ais_app.school.search import classes as present_classes

_person, _guardianship, _class = table(Person), table(Guardianship), table(SchoolClass)
_course, _enrollment = table(Course), table(Enrollment)


def students(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The students whose diaries the actor may open, with their diaries."""
    found = [one for one in children(reading) if is_called(words, one.name, one.class_name)]
    return [
        Hit(key=one.uid, href=f"/diary?child={one.uid}", name=one.name, line=one.class_name, go=p_("search", "diary"))
        for one in family_first(words, found)[:MOST]
    ]


def guardians(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The guardians of the own class, for its class teacher: with the diary of the child."""
    own = {one.uid: one for one in children(reading)}
    child = _person.alias("child")
    rows = reading.execute(
        select(_person, child.c.uid.label("child"))
        .join(_guardianship, _guardianship.c.guardian_id == _person.c.id)
        .join(child, child.c.id == _guardianship.c.student_id)
        .where(child.c.uid.in_(list(own)), holds_on(_guardianship, reading.today), named(words))
        .order_by(*by_name(_person))
    ).all()
    found = [
        Hit(
            key=f"{row.uid}:{row.child}",
            href=f"/diary?child={row.child}",
            name=Name.of(row, own[row.child].name.full),
            line=_("parent: {child}, {name}").format(child=own[row.child].name.full, name=own[row.child].class_name),
            go=p_("search", "diary of the child"),
        )
        for row in rows
        if is_called(words, Name.of(row))
    ]
    return family_first(words, found)[:MOST]


def own_class(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The class that the actor leads, with the list of its diaries."""
    return [
        Hit(
            key=f"diaries:{one.uid}",
            href="/diary",
            title=one.name,
            line=ngettext("own class, {count} student", "own class, {count} students", one.students),
            go=p_("search", "diaries of the class"),
            letters=one.name[:3],
        )
        for one in present_classes(reading, words, classes_led_by(reading.hat.person_id, reading.today))
    ]


def subjects(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The subjects of the children of a family, with their marks."""
    rows = reading.execute(
        select(_person.c.uid.label("child"), _person.c.given_name, _course.c.uid, _course.c.name)
        .join(_enrollment, and_(_enrollment.c.person_id == _person.c.id, holds_on(_enrollment, reading.today)))
        .join(_course, _course.c.group_id == _enrollment.c.group_id)
        .where(readable_students(reading.actor, reading.today), _course.c.year_id.in_(present_years(reading)))
        .order_by(_course.c.name, *by_name(_person))
    ).all()
    several = len({row.child for row in rows}) > 1
    return [
        Hit(
            key=f"{row.child}:{row.uid}",
            href=f"/progress?child={row.child}&course={row.uid}",
            title=row.name,
            line=row.given_name if several else "",
            go=p_("search", "marks of the subject"),
            icon="progress",
        )
        for row in rows
        if fits(words, row.name, row.given_name) and any(fits([word], row.name) for word in words)
    ][:MOST]
