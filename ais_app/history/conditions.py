"""The conditions of the page in words, and from what each is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ais_app.history import words
from ais_app.history.authors import author_in_words, authors_of
from ais_app.history.payloads import Conditions
from ais_app.history.queries import choices, listing
from ais_app.history.queries.names import Ref, named, refs_of
from ais_app.history.queries.reach import narrowed, reach_of
from ais_app.history.words import Teller
from ais_app.i18n import _, full_date
from ais_app.rights.reading import Reading
from ais_app.web.kit.options import ConditionItem, OptionItem


@dataclass(frozen=True, slots=True)
class Choices:
    """`wide`: one chooses by class; `by_name`: by author and student, too."""

    wide: bool
    by_name: bool
    kinds: list[OptionItem]
    authors: list[OptionItem]
    classes: list[OptionItem]
    students: list[OptionItem]


def choices_of(reading: Reading, asked: Conditions) -> Choices:
    """From what the actor chooses. Raises NotYours."""
    wide = reach_of(reading.actor).wide
    kinds = sorted(((words.kind_in_words(kind), kind) for kind in choices.kinds(reading)), key=lambda one: one[0])
    return Choices(
        wide,
        wide and not reading.hat.is_watched,
        [OptionItem(kind, label) for label, kind in kinds],
        _options(choices.authors(reading)),
        _options(choices.classes(reading, asked.school_class)),
        _options(choices.students(reading, asked.school_class)),
    )


def _options(pairs: list[tuple[str, str]]) -> list[OptionItem]:
    return [OptionItem(value, label) for value, label in pairs]


def conditions_in_words(reading: Reading, asked: Conditions) -> list[ConditionItem]:
    """The conditions that stand. Of a row or a person only what the actor may read of it is said."""
    asked = narrowed(reading.actor, asked)
    said = {
        "first": (_("From day"), _day(asked.first)),
        "last": (_("To day"), _day(asked.last)),
        "school_class": (_("Class"), _class(reading, asked.school_class)),
        "person": (_("Student"), _person(reading, asked.person)),
        "author": (_("Author"), _author(reading, asked)),
        "kind": (_("Kind of operation"), words.kind_in_words(asked.kind) if asked.kind else ""),
        "object": (_("History"), _row(reading, asked) if asked.entity and asked.subject else ""),
    }
    return [ConditionItem(name, label, value) for name, (label, value) in said.items() if value]


def _day(text: str) -> str:
    return full_date(date.fromisoformat(text)) if text else ""


def _class(reading: Reading, uid: str) -> str:
    if not uid:
        return ""
    return dict(choices.classes(reading, uid)).get(uid, _("unknown"))


def _person(reading: Reading, uid: str) -> str:
    if not uid:
        return ""
    if not choices.is_of_school(reading, uid):
        return _("unknown")
    ref = Ref("person", uid)
    return named(reading, [ref]).get(ref, _("unknown"))


def _author(reading: Reading, asked: Conditions) -> str:
    if not asked.author:
        return ""
    of_him = listing.operations(reading, Conditions(author=asked.author), most=1).rows
    if not of_him:
        return dict(choices.authors(reading)).get(asked.author, _("unknown"))
    names = named(reading, authors_of(of_him))
    return author_in_words(Teller(reading.zone, reading.hat.is_watched, names), of_him[0])


def _row(reading: Reading, asked: Conditions) -> str:
    """What the row is called, for whoever may read an operation on it; else only what it is."""
    known = listing.operations(reading, Conditions(entity=asked.entity, subject=asked.subject), most=1).rows
    refs = refs_of(asked.entity, asked.subject) if known else []
    return Teller(reading.zone, reading.hat.is_watched, named(reading, refs)).row(asked.entity, refs)
