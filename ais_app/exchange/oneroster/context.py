"""What the steps of one import share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ais_app.access.rules import Actor
from ais_app.access.service import NewRole
from ais_app.db import UnitOfWork
from ais_app.exchange.engine import Line, Problem
from ais_app.exchange.known import Known
from ais_app.exchange.oneroster.calendar import PlannedYear
from ais_app.exchange.oneroster.report import Report
from ais_app.exchange.oneroster.roster import Roster
from ais_app.journal.service.courses import CourseRef
from ais_app.school.rules import PersonRef, SchoolRef


@dataclass
class Importing:
    """One import in its unit of work; `problems` found against the database refuse it in the end.

    `names` says what the rows of our own export became: {sourcedId: uid here}.
    """

    uow: UnitOfWork
    actor: Actor
    roster: Roster
    report: Report
    known: Known
    today: date
    zone: str
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role that an account should have; `key` names it in our own export."""

    new: NewRole
    key: str = ""


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account as a set wants it: `key` names it there, `user` and `line` are whose it is; `opens` a missing one."""

    key: str
    user: str
    line: Line
    login: str
    enabled: bool
    opens: bool
    roles: Sequence[WantedRole]


@dataclass(frozen=True, slots=True)
class YearHere:
    """A school year that is here now, with its schemes by name in order."""

    id: int
    uid: str
    first: date
    last: date
    schemes: dict[str, int]
    is_new: bool


@dataclass
class Place:
    """A school being imported: `people` by source id, `courses` and `leaders` as far as they were brought.

    `bells` and `subjects` are those of our own export, by their ids there.
    """

    org: str
    school: SchoolRef
    name: str
    is_new: bool
    people: dict[str, PersonRef] = field(default_factory=dict)
    years: list[YearHere] = field(default_factory=list)
    types: dict[str, tuple[int, int]] = field(default_factory=dict)
    courses: dict[str, CourseRef] = field(default_factory=dict)
    leaders: set[str] = field(default_factory=set)
    class_of: dict[str, str] = field(default_factory=dict)
    bells: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)

    def year_start(self, today: date) -> date:
        """The first day of the year that holds today, or of the first one."""
        holding = [year.first for year in self.years if year.first <= today <= year.last]
        return holding[0] if holding else self.years[0].first


@dataclass(frozen=True, slots=True)
class GroupHere:
    """The group of a class or course that is here."""

    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class ClassHere:
    """A school class that is here: its default group, and who leads it by the set."""

    id: int
    uid: str
    group: GroupHere


@dataclass
class Sections:
    """The classes of one school and year on their way in; `bare` are groups that no course is taught to."""

    importing: Importing
    place: Place
    planned: PlannedYear
    year: YearHere
    homerooms: dict[str, Line] = field(default_factory=dict)
    courses: dict[str, Line] = field(default_factory=dict)
    bare: dict[str, Line] = field(default_factory=dict)
    here: dict[str, ClassHere] = field(default_factory=dict)
    groups: dict[str, GroupHere] = field(default_factory=dict)
