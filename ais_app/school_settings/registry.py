"""What a setting is. Rooms declare theirs in `Room.settings`; the page of settings is made of these declarations.

Code reads a value by its declaration, which knows its type: `values.at(EDIT_WINDOW, day)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from ais_app.i18n import _, p_
from ais_app.school_settings.rules import FROM_THE_BEGINNING, Reach, StoredValue
from ais_app.school_settings.value_types import ValueType

T = TypeVar("T")
Words = Callable[[], str]


class Group(StrEnum):
    """Under which heading of the page a setting stands, in their order."""

    MARKS = "marks"
    JOURNAL = "journal"
    RESULTS = "results"
    ATTENDANCE = "attendance"
    FAMILY = "family"
    ACCESS = "access"
    FILES = "files"


def group_name(group: Group) -> str:
    return {
        Group.MARKS: p_("settings", "Marks"),
        Group.JOURNAL: _("Journal and terms"),
        Group.RESULTS: _("Results and thresholds"),
        Group.ATTENDANCE: _("Attendance"),
        Group.FAMILY: _("Diary and family"),
        Group.ACCESS: _("Sign-in and access"),
        Group.FILES: p_("settings", "Files"),
    }[group]


class Level(StrEnum):
    """Whose a setting is: of each school, or of the installation, where the system's administrator changes it."""

    SCHOOL = "school"
    INSTALLATION = "installation"


@dataclass(frozen=True, eq=False)
class Setting(Generic[T]):
    """Something that can be set.

    `key` is stored and never changes. `words`: its name; `explanation`: one sentence, what it does; `label`: of the
    field. `bounds`: why it has these bounds, said when a value is outside of them. `source`: the clause that the usual
    value comes from, a text of the trade. `dated`: a value holds from tomorrow at the earliest, and what is past is
    judged by the value of its day; else it holds at once. `reaches`: for what a value may be given beside the school.
    `effect`: `module:function(reading, day) -> str`, what a change from a day on means in numbers.
    """

    key: str
    group: Group
    words: Words
    explanation: Words
    label: Words
    type: ValueType[T]
    usual: T
    bounds: Words
    source: str
    dated: bool = True
    level: Level = Level.SCHOOL
    reaches: tuple[Reach, ...] = ()
    effect: str = ""

    def value_of(self, text: str) -> T:
        """The value of a stored text; "" = the usual one."""
        return self.type.read(text) if text else self.usual

    def stored(self, value: T, since: date = FROM_THE_BEGINNING) -> StoredValue:
        """A value as it is stored, for the whole school."""
        return StoredValue(self.key, self.type.spell(value), since)

    def begins_with(self, value: T) -> tuple[StoredValue, ...]:
        """What a school that begins with this value stores: nothing when it is the usual one."""
        return () if value == self.usual else (self.stored(value),)


@dataclass(frozen=True, eq=False)
class FixedRule:
    """What the code itself fixes, shown among the settings with a lock: nobody can change it."""

    key: str
    group: Group
    words: Words
    explanation: Words
    value: Words


Declared = Setting[Any] | FixedRule
