"""Reads of the search that several rooms share: students by the beginnings of their names, and their classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import holds_on, table
from ais_app.people.models import Person
from ais_app.people.names import Name, by_name, sort_key
from ais_app.people.searching import fits, folded
from ais_app.rights.reading import Reading
from ais_app.school.models import AcademicYear, Enrollment, SchoolClass

MOST = 60  # of a kind; whoever has more words finds fewer

_person, _enrollment, _class, _year = table(Person), table(Enrollment), table(SchoolClass), table(AcademicYear)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of the present year."""

    id: int
    uid: str
    name: str
    students: int


@dataclass(frozen=True, slots=True)
class StudentLine:
    id: int
    uid: str
    name: Name
    class_name: str


def present_years(reading: Reading) -> Any:
    """A selection: the ids of the years of the actor's school that hold today."""
    return select(_year.c.id).where(
        _year.c.school_id == reading.hat.school_id,
        _year.c.starts_on <= reading.today,
        _year.c.ends_on >= reading.today,
    )


def classes(reading: Reading, words: Sequence[str], *among: ColumnElement[bool]) -> list[ClassLine]:
    """Classes of the present year with these words in their name, by grade; of all those that fulfil `among`."""
    present = and_(_enrollment.c.group_id == _class.c.group_id, holds_on(_enrollment, reading.today))
    rows = reading.execute(
        select(_class.c.id, _class.c.uid, _class.c.name, func.count(_enrollment.c.id).label("students"))
        .outerjoin(_enrollment, present)
        .where(_class.c.year_id.in_(present_years(reading)), *among)
        .group_by(_class.c.id, _class.c.uid, _class.c.name, _class.c.grade, _class.c.letter)
        .order_by(_class.c.grade, _class.c.letter, _class.c.id)
    )
    return [ClassLine(row.id, row.uid, row.name, row.students) for row in rows if fits(words, row.name)]


def named(words: Sequence[str], *or_else: Mapping[str, ColumnElement[bool]]) -> ColumnElement[bool]:
    """A condition on `person`: each word begins one of the names, or fulfils what `or_else` has for it.

    It may let through a little more than `fits`, which looks again.
    """
    return and_(*(or_(_begins(word), *(one[word] for one in or_else if word in one)) for word in words))


def _begins(word: str) -> ColumnElement[bool]:
    key = _pattern(word)
    return or_(*(_person.c.sort_key.like(f"{before}{key}%", escape="!") for before in ("", "% ", "%-")))


def _pattern(word: str) -> str:
    """A word as sort keys spell it; any letter where «е» or «ё» stands, which are looked for as one."""
    either = {sort_key("е"), sort_key("ё")}
    return "".join("_" if sign in either else f"!{sign}" if sign in "!%_" else sign for sign in sort_key(word))


def students(reading: Reading, words: Sequence[str], among: ColumnElement[bool]) -> list[StudentLine]:
    """Present students with these words in their names and the name of their class, one at least in the names; those
    whose family name begins so come first. `among`: a condition on `person`.
    """
    known = {one.id: one.name for one in classes(reading, ())}
    of_class = {
        word: _class.c.id.in_(found)
        for word in words
        if (found := [key for key, name in known.items() if folded(name).startswith(word)])
    }
    if len(of_class) == len(words) and all(word[0].isdigit() for word in words):
        return []  # a class alone: its students are behind the class
    rows = reading.execute(
        select(_person, _class.c.name.label("class_name"))
        .join(_enrollment, and_(_enrollment.c.person_id == _person.c.id, holds_on(_enrollment, reading.today)))
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .where(
            _person.c.school_id == reading.hat.school_id,
            _class.c.id.in_(list(known)),
            among,
            named(words, of_class),
        )
        .order_by(*by_name(_person))
    ).all()
    found = [
        StudentLine(row.id, row.uid, Name.of(row, row.class_name), row.class_name)
        for row in rows
        if is_called(words, Name.of(row), row.class_name)
    ]
    return family_first(words, found)[:MOST]


def is_called(words: Sequence[str], name: Name, *beside: str) -> bool:
    """Whether each word begins a name (or a word of what stands beside), and one at least the family or given name.

    A patronymic alone is not enough: lists do not show it.
    """
    shown = f"{name.family} {name.given}"
    return fits(words, name.full, *beside) and any(fits([word], shown) for word in words)


def family_first(words: Sequence[str], found: Sequence[Any]) -> list[Any]:
    """Persons (with `name`) whose family name begins with one of the words before the others, else in their order."""
    return sorted(found, key=lambda one: not any(folded(one.name.family).startswith(word) for word in words))
