"""Asks the sources of all rooms, for the role that is worn, and puts what they find into sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pkgutil import resolve_name

from ais_app.people.names import Spelling
from ais_app.people.searching import Hit, readings_of
from ais_app.rights.reading import Reading
from ais_app.room import Source
from ais_app.school.queries import listed
from ais_app.search_sources import SOURCES

SHOWN, MOST = 5, 50  # hits of a section beside others, and alone
SHORTEST_SIMILAR = 3  # signs
TRIES_SIMILAR = 3


@dataclass(frozen=True, slots=True)
class Section:
    """`total`: how many there are, of which `hits` are the first."""

    name: str
    label: str
    total: int
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """`words`: as which the typed text was understood. `similar`: nothing has all of it, these have its beginning."""

    words: tuple[str, ...]
    sections: Sequence[Section]
    similar: bool = False


def sources_of(reading: Reading) -> list[Source]:
    """The sources that are asked for the actor."""
    return [one for one in SOURCES if one.is_for(reading.actor)]


def find(reading: Reading, typed: str, section: str = "") -> Found:
    """What is found for what was typed, of all sections or of one; no section where nothing is."""
    for words in readings_of(typed):
        if sections := _sections(reading, words, section):
            return Found(words, sections)
    for words in _shorter(typed):
        if sections := _sections(reading, words, section):
            return Found(words, sections, similar=True)
    return Found((), ())


def _shorter(typed: str) -> list[tuple[str, ...]]:
    """The words with fewer and fewer signs of the longest one: its beginning is right more often than its end."""
    words = next(iter(readings_of(typed)), ())
    if not words:
        return []
    longest = max(words, key=len)
    shortest = max(SHORTEST_SIMILAR, len(longest) // 2)
    ends = range(len(longest) - 1, shortest - 1, -1)
    return [tuple(longest[:end] if one == longest else one for one in words) for end in ends[:TRIES_SIMILAR]]


def _sections(reading: Reading, words: tuple[str, ...], chosen: str) -> list[Section]:
    hits: dict[str, dict[str, Hit]] = {}
    labels: dict[str, str] = {}
    for source in sources_of(reading):
        if chosen and source.section != chosen:
            continue
        labels.setdefault(source.section, source.label)
        of_section = hits.setdefault(source.section, {})
        for hit in resolve_name(source.find)(reading, words):
            of_section.setdefault(hit.key, hit)
    most = MOST if chosen else SHOWN
    return [
        Section(name, labels[name], len(found), _titled(reading, list(found.values()))[:most])
        for name, found in hits.items()
        if found
    ]


def _titled(reading: Reading, hits: Sequence[Hit]) -> list[Hit]:
    """The hits with titles: persons by their names, no two of a section alike."""
    names = listed(reading, {one.key: one.name for one in hits if one.name is not None}, Spelling.LISTED)
    return [
        one
        if one.name is None
        else replace(one, title=names[one.key], letters=(one.name.family[:1] + one.name.given[:1]).upper())
        for one in hits
    ]
