"""Value objects of the school: what is asked to be set up. Plain data, checked by the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise

from ais_app.db.columns import nfc
from ais_app.school_settings.rules import StoredValue

_NAMES = ("name", "short_name", "letter", "code", "family_name", "given_name", "patronymic")


class Draft:
    """Something to set up. Its names are brought to the normal form C, in which they are stored and in the ledger."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name in _NAMES:
            if hasattr(self, name):
                object.__setattr__(self, name, nfc(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class SchoolDraft(Draft):
    """`settings`: the values that it begins with, where they are not the usual ones."""

    name: str
    short_name: str
    zone: str
    demonstration: bool = False
    settings: Sequence[StoredValue] = ()


@dataclass(frozen=True, slots=True)
class PeriodDraft(Draft):
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class SchemeDraft(Draft):
    """How the year is divided for some classes; the periods are in order and do not overlap."""

    name: str
    periods: Sequence[PeriodDraft]


@dataclass(frozen=True, slots=True)
class HolidayDraft(Draft):
    name: str
    starts_on: date
    ends_on: date
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class YearDraft(Draft):
    name: str
    starts_on: date
    ends_on: date
    schemes: Sequence[SchemeDraft]
    holidays: Sequence[HolidayDraft] = ()


@dataclass(frozen=True, slots=True)
class YearRef:
    """A year that was added: its id and those of its schemes by name."""

    id: int
    schemes: dict[str, int]


@dataclass(frozen=True, slots=True)
class BellDraft:
    number: int
    starts_at: time
    ends_at: time


@dataclass(frozen=True, slots=True)
class BellScheduleDraft(Draft):
    name: str
    bells: Sequence[BellDraft]


@dataclass(frozen=True, slots=True)
class SubjectDraft(Draft):
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class PersonDraft(Draft):
    """What is known of a person; `birth_date` is None when it is not."""

    family_name: str
    given_name: str
    patronymic: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class PersonRef:
    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A person in a group in [valid_from, valid_to), with a short note such as «дом»."""

    person_id: int
    valid_from: date
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupDraft(Draft):
    name: str
    members: Sequence[MemberDraft] = ()


@dataclass(frozen=True, slots=True)
class GroupRef:
    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class ClassDraft(Draft):
    grade: int
    letter: str
    scheme_id: int
    name: str = ""
    bell_schedule_id: int | None = None
    members: Sequence[MemberDraft] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class ClassRef:
    id: int
    uid: str
    group_id: int


@dataclass(frozen=True, slots=True)
class GuardianDraft:
    guardian_id: int
    student_id: int
    relation: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class DatedFrom:
    """The half-open interval [valid_from, valid_to)."""

    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class TermChange:
    """A dated row of `person` under `owner` (group, class, course): new when `row` is None, else with new days."""

    owner_id: int
    person: PersonRef
    row: int | None
    after: DatedFrom
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonChange:
    """New details (name, birth date) of a person."""

    person: PersonRef
    after: PersonDraft


@dataclass(frozen=True, slots=True)
class GuardianshipEnd:
    """A guardianship (row id) that ends on a day."""

    row: int
    student: PersonRef
    before: DatedFrom
    on: date


@dataclass(frozen=True, slots=True)
class SlotDraft:
    course_id: int
    weekday: int
    number: int
    room: str


def overlapping(periods: Sequence[PeriodDraft]) -> bool:
    """Whether periods overlap, end before they begin, or are not in order."""
    return any(period.starts_on > period.ends_on for period in periods) or any(
        later.starts_on <= earlier.ends_on for earlier, later in pairwise(periods)
    )
