"""What the steps of one import share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ais_app.access.service import NewRole
from ais_app.db import UnitOfWork
from ais_app.exchange.engine import Code, Findings, Line, Note, Problem, Sheet, Value
from ais_app.exchange.imported_ids import ImportedIds
from ais_app.exchange.oneroster.calendar import PlannedYear
from ais_app.exchange.oneroster.endings import Endings
from ais_app.exchange.oneroster.homerooms import Answer
from ais_app.exchange.oneroster.report import Report
from ais_app.exchange.oneroster.roster import Roster
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor
from ais_app.school.rules import PersonRef
from ais_app.school.service.courses import CourseRef


@dataclass
class Importing:
    """One import in its unit of work; `problems` found against the database refuse it in the end.

    `homerooms`: {class: what its homeroom is}. `names`: {sourcedId: uid of the row that it became}. `moved`: ids of the
    persons of whom a stored membership got other days.
    """

    uow: UnitOfWork
    actor: Actor
    roster: Roster
    report: Report
    ids: ImportedIds
    today: date
    zone: str
    problems: Findings[Problem] = field(default_factory=Findings[Problem])
    moved: set[int] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    homerooms: dict[str, Answer] = field(default_factory=dict)
    endings: Endings = field(default_factory=Endings)
    _alike: dict[tuple[str, str, Code, tuple[tuple[str, str], ...]], dict[int, Line]] = field(default_factory=dict)
    _noted: set[tuple[str, int, Code]] = field(default_factory=set)

    def note(self, name: str, code: Code, /, **params: Value) -> Note:
        """A note about a file as a whole."""
        return Note.of(code, self.roster[name].table.file, **params)

    def note_alike(self, sheet: Sheet, line: Line, column: str, code: Code, /, **params: str) -> None:
        """Collect a note that many rows share; `say_alike` adds it once, with the first row and the number of rows."""
        same = (sheet.table.name, column, code, tuple(sorted(params.items())))
        self._alike.setdefault(same, {})[line.row] = line

    def say_alike(self) -> None:
        for (name, column, code, params), lines in self._alike.items():
            first = lines[min(lines)]
            self.report.notes.append(self.roster[name].note(first, column, code, **dict(params), count=len(lines)))

    def note_once(self, sheet: Sheet, line: Line, column: str, code: Code, /, **params: Value) -> None:
        """Add a note about a row unless it has one with this code: several steps handle the same row."""
        if (sheet.table.name, line.row, code) not in self._noted:
            self._noted.add((sheet.table.name, line.row, code))
            self.report.notes.append(sheet.note(line, column, code, **params))


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role that an account should have; `key`: its sourcedId in our own export."""

    new: NewRole
    key: str = ""


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account as a set wants it: its `key` there, its `user` with his `line`; `opens`: a missing one is opened."""

    key: str
    user: str
    line: Line
    login: str
    enabled: bool
    opens: bool
    roles: Sequence[WantedRole]


@dataclass(frozen=True, slots=True)
class StoredYear:
    """A school year in the database; `schemes`: {name: id} in order."""

    id: int
    uid: str
    first: date
    last: date
    schemes: dict[str, int]
    is_new: bool


@dataclass
class TargetSchool:
    """A school that is being imported, as far as that is done: `people` and `courses` by sourcedId, `leaders` as users.

    `class_of`: {user: class, for slips}. `bells` and `subjects`: {sourcedId in our own export: id}.
    """

    org: str
    school: SchoolRef
    name: str
    is_new: bool
    people: dict[str, PersonRef] = field(default_factory=dict)
    years: list[StoredYear] = field(default_factory=list)
    types: dict[str, tuple[int, int]] = field(default_factory=dict)
    courses: dict[str, CourseRef] = field(default_factory=dict)
    leaders: set[str] = field(default_factory=set)
    class_of: dict[str, str] = field(default_factory=dict)
    bells: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)

    def year_start(self, today: date) -> date:
        """The first day of the year that includes today, else of the first one."""
        holding = [year.first for year in self.years if year.first <= today <= year.last]
        return holding[0] if holding else self.years[0].first


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """The group of a class or course in the database."""

    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class StoredClass:
    """A school class in the database, with its default group."""

    id: int
    uid: str
    group: StoredGroup


@dataclass
class Sections:
    """The classes of one school and year that are imported, by what they become: {sourcedId: row of classes.csv}.

    `bare` are groups to which no course is taught. `stored_classes` and `groups`: rows of the database, new ones too.
    """

    importing: Importing
    target: TargetSchool
    planned: PlannedYear
    year: StoredYear
    homerooms: dict[str, Line] = field(default_factory=dict)
    courses: dict[str, Line] = field(default_factory=dict)
    bare: dict[str, Line] = field(default_factory=dict)
    stored_classes: dict[str, StoredClass] = field(default_factory=dict)
    groups: dict[str, StoredGroup] = field(default_factory=dict)
