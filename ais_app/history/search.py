"""What the search finds of the operations: one by its number, and the history of a student or a class."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import true

from ais_app.history import words as kinds
from ais_app.history.payloads import Conditions
from ais_app.history.queries.listing import operations
from ais_app.history.views import PATH
from ais_app.i18n import _, moment_in_words, ngettext, number, p_
from ais_app.people.searching import Hit
from ais_app.rights.reading import Reading
from ais_app.school.search import classes as present_classes
from ais_app.school.search import students as present_students

LONGEST_NUMBER = 17  # digits


def by_number(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The operation of this number in the chain, when it is the actor's to read."""
    if len(words) != 1 or not (words[0].isascii() and words[0].isdigit()) or len(words[0]) > LONGEST_NUMBER:
        return []
    wanted = int(words[0])
    if not wanted:
        return []
    found = operations(reading, Conditions(before=str(wanted + 1)), most=1).rows
    return [
        Hit(
            key=one.uid,
            href=f"{PATH}?before={wanted + 1}&operation={one.uid}",
            title=_("No. {number}: {kind}").format(number=number(one.sequence), kind=kinds.kind_in_words(one.kind)),
            line=moment_in_words(one.moment, reading.zone),
            go=p_("search", "operation"),
            icon="list",
        )
        for one in found
        if one.sequence == wanted
    ]


def students(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """Students of the school with what happened to them; nobody by name for an inspector (D-61)."""
    return [
        Hit(
            key=one.uid,
            href=f"{PATH}?person={one.uid}",
            name=one.name,
            line=one.class_name,
            go=p_("search", "history"),
        )
        for one in present_students(reading, words, true())
    ]


def classes(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """Classes of the school with what happened to them."""
    return [
        Hit(
            key=one.uid,
            href=f"{PATH}?school_class={one.uid}",
            title=one.name,
            line=ngettext("{count} student", "{count} students", one.students),
            go=p_("search", "history of the class"),
            letters=one.name[:3],
        )
        for one in present_classes(reading, words)
    ]
