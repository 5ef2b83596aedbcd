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

    `homerooms` says what each homeroom is, `names` what the rows of our own export became: {sourcedId: uid here}.
    `moved`: the persons of whom a membership that was here got other days.
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
    _said: set[tuple[str, int, Code]] = field(default_factory=set)

    def note(self, name: str, code: Code, /, **params: Value) -> Note:
        """A note about a file as a whole."""
        return Note.of(code, self.roster[name].table.file, **params)

    def note_alike(self, sheet: Sheet, line: Line, column: str, code: Code, /, **params: str) -> None:
        """Say something of many rows at once, by `say_alike`: where it stands first, and in how many rows."""
        same = (sheet.table.name, column, code, tuple(sorted(params.items())))
        self._alike.setdefault(same, {})[line.row] = line

    def say_alike(self) -> None:
        for (name, column, code, params), lines in self._alike.items():
            first = lines[min(lines)]
            self.report.notes.append(self.roster[name].note(first, column, code, **dict(params), count=len(lines)))

    def note_once(self, sheet: Sheet, line: Line, column: str, code: Code, /, **params: Value) -> None:
        """Say something of a row that several steps come by."""
        if (sheet.table.name, line.row, code) not in self._said:
            self._said.add((sheet.table.name, line.row, code))
            self.report.notes.append(sheet.note(line, column, code, **params))


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
class StoredYear:
    """A school year that is here now, with its schemes by name in order."""

    id: int
    uid: str
    first: date
    last: date
    schemes: dict[str, int]
    is_new: bool


@dataclass
class TargetSchool:
    """A school being imported: `people` by source id, `courses` and `leaders` as far as they were brought.

    `bells` and `subjects` are those of our own export, by their ids there.
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
        """The first day of the year that holds today, or of the first one."""
        holding = [year.first for year in self.years if year.first <= today <= year.last]
        return holding[0] if holding else self.years[0].first


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """The group of a class or course that is here."""

    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class StoredClass:
    """A school class that is here: its default group, and who leads it by the set."""

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
