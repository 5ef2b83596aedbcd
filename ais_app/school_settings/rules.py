"""Values over time: which one holds on a day, and of several scopes the narrowest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")

FROM_THE_BEGINNING = date(1900, 1, 1)  # the day of a value that a school was opened with: it holds for all days before


class Reach(StrEnum):
    """For what a value holds; the later ones are narrower and win."""

    SCHOOL = "school"
    GRADE = "grade"
    SUBJECT = "subject"
    COURSE = "course"


_WIDENING = (Reach.COURSE, Reach.SUBJECT, Reach.GRADE, Reach.SCHOOL)


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A value as it is stored, from a day on until the next one of the same key and reach.

    `value`: the canonical text; "" = from here on the wider value holds, or the usual one. `of`: the grade as a number,
    or the uid of the subject or course; "" for a whole school.
    """

    key: str
    value: str
    valid_from: date = FROM_THE_BEGINNING
    reach: Reach = Reach.SCHOOL
    of: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """Where a value is asked for: the grade, subject (uid) and course (uid) where there are such; "" = none."""

    grade: str = ""
    subject: str = ""
    course: str = ""

    def places(self) -> Iterator[tuple[Reach, str]]:
        """The narrowest first."""
        named: Mapping[Reach, str] = {
            Reach.COURSE: self.course,
            Reach.SUBJECT: self.subject,
            Reach.GRADE: self.grade,
        }
        for reach in _WIDENING:
            if reach is Reach.SCHOOL or named[reach]:
                yield reach, named.get(reach, "")


WHOLE_SCHOOL = Within()


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value over time: `first`, and from each day of `steps` (in order) another one."""

    first: T
    steps: tuple[tuple[date, T], ...] = ()

    def at(self, day: date) -> T:
        """The value that holds on a day."""
        found = self.first
        for since, value in self.steps:
            if since > day:
                break
            found = value
        return found

    @property
    def all(self) -> tuple[T, ...]:
        """Every value that ever holds, in order."""
        return (self.first, *(value for _since, value in self.steps))


def text_on(rows: Iterable[StoredValue], key: str, day: date, within: Within = WHOLE_SCHOOL) -> str:
    """The text that holds on a day, "" = the usual value. `rows` in any order."""
    ordered = sorted((row for row in rows if row.key == key), key=lambda row: row.valid_from)
    for place in within.places():
        holding = [row.value for row in ordered if (row.reach, row.of) == place and row.valid_from <= day]
        if holding and holding[-1]:
            return holding[-1]
    return ""


def over_time(rows: Iterable[StoredValue], key: str, within: Within = WHOLE_SCHOOL) -> Dated[str]:
    """The texts that hold over time, "" = the usual value; days on which nothing changes are left out."""
    wanted = set(within.places())
    of_key = [row for row in rows if row.key == key and (row.reach, row.of) in wanted]
    first = text_on(of_key, key, FROM_THE_BEGINNING, within)
    steps: list[tuple[date, str]] = []
    for day in sorted({row.valid_from for row in of_key if row.valid_from > FROM_THE_BEGINNING}):
        text = text_on(of_key, key, day, within)
        if text != (steps[-1][1] if steps else first):
            steps.append((day, text))
    return Dated(first, tuple(steps))
