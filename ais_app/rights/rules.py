"""Roles, rights and hats; which role has which right over whom is one table, `POLICY`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Author:
    """The author of an operation, in public identifiers only."""

    account: str
    hat: str
    session: str
    network: str
    origin: str


class Role(StrEnum):
    """The ten roles (D-2)."""

    SYSTEM_ADMIN = "system_admin"
    SCHOOL_ADMIN = "school_admin"
    DIRECTOR = "director"
    DEPUTY = "deputy"
    SECRETARY = "secretary"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    STUDENT = "student"
    GUARDIAN = "guardian"
    INSPECTOR = "inspector"


class Right(StrEnum):
    """What can be done in the product today. A handler, a page and a service each name one of these."""

    USE_ACCOUNT = "use_account"
    SEE_HOME = "see_home"
    SEE_JOURNAL = "see_journal"
    ENTER_MARKS = "enter_marks"
    KEEP_LESSONS = "keep_lessons"
    SET_ABSENCE_REASON = "set_absence_reason"
    SEE_DIARY = "see_diary"
    SEE_PROGRESS = "see_progress"
    ACKNOWLEDGE = "acknowledge"
    CLOSE_PERIOD = "close_period"
    CLEAR_ENTRIES = "clear_entries"
    ASK_OPENING = "ask_opening"
    OPEN_EDITING = "open_editing"
    SET_UP_SCHOOL = "set_up_school"
    KEEP_ACCOUNTS = "keep_accounts"
    SEE_KEEPING = "see_keeping"
    CHECK_INTEGRITY = "check_integrity"
    SEE_MOVEMENT = "see_movement"
    ERASE_TEXTS = "erase_texts"
    KEEP_LEDGER = "keep_ledger"
    SEE_OPERATIONS = "see_operations"
    SEE_JOBS = "see_jobs"
    SEE_SETTINGS = "see_settings"
    CHANGE_SETTINGS = "change_settings"
    SEE_ALARMS = "see_alarms"


class Scope(StrEnum):
    """Over whom a right reaches; who that is at a date is read from the database."""

    OWN_COURSES = "own_courses"
    OWN_CLASS = "own_class"
    SELF = "self"
    CHILDREN = "children"
    SCHOOL = "school"
    INSTALLATION = "installation"


_POLICY: dict[Right, dict[Role, Scope]] = {
    Right.USE_ACCOUNT: dict.fromkeys(Role, Scope.SELF),
    Right.SEE_HOME: {
        Role.SYSTEM_ADMIN: Scope.INSTALLATION,
        Role.SCHOOL_ADMIN: Scope.SCHOOL,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY: Scope.SCHOOL,
        Role.SECRETARY: Scope.SCHOOL,
        Role.TEACHER: Scope.SELF,
        Role.CLASS_TEACHER: Scope.SELF,
        Role.INSPECTOR: Scope.SCHOOL,
    },
    Right.SEE_JOURNAL: {
        Role.SCHOOL_ADMIN: Scope.SCHOOL,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY: Scope.SCHOOL,
        Role.TEACHER: Scope.OWN_COURSES,
        Role.CLASS_TEACHER: Scope.OWN_CLASS,
        Role.INSPECTOR: Scope.SCHOOL,
    },
    Right.ENTER_MARKS: {Role.TEACHER: Scope.OWN_COURSES},
    Right.KEEP_LESSONS: {Role.TEACHER: Scope.OWN_COURSES},
    Right.SET_ABSENCE_REASON: {Role.CLASS_TEACHER: Scope.OWN_CLASS, Role.DEPUTY: Scope.SCHOOL},
    Right.SEE_DIARY: {
        Role.STUDENT: Scope.SELF,
        Role.GUARDIAN: Scope.CHILDREN,
        Role.CLASS_TEACHER: Scope.OWN_CLASS,
    },
    Right.SEE_PROGRESS: {Role.STUDENT: Scope.SELF, Role.GUARDIAN: Scope.CHILDREN},
    Right.ACKNOWLEDGE: {Role.GUARDIAN: Scope.CHILDREN},
    Right.CLOSE_PERIOD: {Role.DEPUTY: Scope.SCHOOL},
    Right.CLEAR_ENTRIES: {Role.DEPUTY: Scope.SCHOOL, Role.SCHOOL_ADMIN: Scope.SCHOOL},
    Right.ASK_OPENING: {Role.TEACHER: Scope.OWN_COURSES},
    Right.OPEN_EDITING: {Role.DEPUTY: Scope.SCHOOL},  # D-2: no administrator takes part, no director need
    Right.SET_UP_SCHOOL: {Role.SCHOOL_ADMIN: Scope.SCHOOL, Role.SYSTEM_ADMIN: Scope.INSTALLATION},
    Right.SEE_KEEPING: {Role.DIRECTOR: Scope.SCHOOL, Role.DEPUTY: Scope.SCHOOL},
    Right.CHECK_INTEGRITY: {
        Role.SYSTEM_ADMIN: Scope.INSTALLATION,
        Role.SCHOOL_ADMIN: Scope.SCHOOL,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY: Scope.SCHOOL,
        Role.INSPECTOR: Scope.SCHOOL,
    },
    Right.SEE_OPERATIONS: {
        Role.SYSTEM_ADMIN: Scope.INSTALLATION,
        Role.SCHOOL_ADMIN: Scope.SCHOOL,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY: Scope.SCHOOL,
        Role.INSPECTOR: Scope.SCHOOL,
        Role.TEACHER: Scope.SELF,
        Role.CLASS_TEACHER: Scope.SELF,
    },
    Right.SEE_JOBS: {  # of the kinds whose own right he has
        Role.SYSTEM_ADMIN: Scope.INSTALLATION,
        Role.SCHOOL_ADMIN: Scope.SCHOOL,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY: Scope.SCHOOL,
    },
    Right.SEE_SETTINGS: {
        Role.SYSTEM_ADMIN: Scope.INSTALLATION,
        Role.SCHOOL_ADMIN: Scope.SCHOOL,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY: Scope.SCHOOL,
    },
    Right.CHANGE_SETTINGS: {Role.SYSTEM_ADMIN: Scope.INSTALLATION, Role.SCHOOL_ADMIN: Scope.SCHOOL},
    Right.SEE_ALARMS: {Role.SYSTEM_ADMIN: Scope.INSTALLATION},
    Right.SEE_MOVEMENT: {Role.SECRETARY: Scope.SCHOOL, Role.SCHOOL_ADMIN: Scope.SCHOOL},
    Right.KEEP_LEDGER: {Role.SYSTEM_ADMIN: Scope.INSTALLATION},  # epochs, the key of the witness, what a day refused
    Right.ERASE_TEXTS: {Role.SYSTEM_ADMIN: Scope.INSTALLATION},  # what is erased is gone: by order, at the server
    Right.KEEP_ACCOUNTS: {Role.SCHOOL_ADMIN: Scope.SCHOOL, Role.SYSTEM_ADMIN: Scope.INSTALLATION},
}
POLICY: Mapping[Right, Mapping[Role, Scope]] = MappingProxyType(
    {right: MappingProxyType(scopes) for right, scopes in _POLICY.items()}
)

TEACHING = frozenset({Role.TEACHER, Role.CLASS_TEACHER})
FAMILY = frozenset({Role.STUDENT, Role.GUARDIAN})


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that is valid today."""

    role: Role
    school_id: int | None
    school_uid: str
    person_id: int | None
    person_uid: str
    zone: str


@dataclass(frozen=True, slots=True)
class Hat:
    """What a person acts as: teaching roles are worn together, every other role alone (D-1)."""

    key: str
    roles: frozenset[Role]
    school_id: int | None
    school_uid: str
    person_id: int | None
    person_uid: str
    zone: str

    @property
    def is_family(self) -> bool:
        return bool(self.roles & FAMILY)

    @property
    def is_watched(self) -> bool:
        """Whether its views of journals are recorded: an inspector's are."""
        return Role.INSPECTOR in self.roles


def hats_of(assignments: Iterable[Assignment]) -> list[Hat]:
    """Group today's assignments into hats, in a stable order: work before family."""
    grouped: dict[str, list[Assignment]] = {}
    for assignment in assignments:
        worn = "teaching" if assignment.role in TEACHING else assignment.role.value
        key = f"{worn}:{assignment.school_uid or '-'}:{assignment.person_uid or '-'}"
        grouped.setdefault(key, []).append(assignment)
    hats = [
        Hat(
            key=key,
            roles=frozenset(one.role for one in group),
            school_id=group[0].school_id,
            school_uid=group[0].school_uid,
            person_id=group[0].person_id,
            person_uid=group[0].person_uid,
            zone=group[0].zone,
        )
        for key, group in grouped.items()
    ]
    return sorted(hats, key=lambda hat: (hat.is_family, hat.key))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: an account wearing one hat in one session. Services and queries take nobody else."""

    account_id: int | None
    account_uid: str
    session_uid: str
    hat: Hat
    network: str
    origin: str
    must_change_password: bool = False

    def scopes(self, right: Right) -> frozenset[Scope]:
        """Over whom this hat has the right; empty = not at all."""
        by_role = POLICY[right]
        return frozenset(by_role[role] for role in self.hat.roles if role in by_role)

    def may(self, right: Right) -> bool:
        return bool(self.scopes(right))

    @property
    def author(self) -> Author:
        return Author(self.account_uid, self.hat.key, self.session_uid, self.network, self.origin)


def operator() -> Actor:
    """Whoever runs the `ais` command on the server: the installation's administrator, named as such."""
    return Actor(None, "operator", "", _installation(), network="", origin="cli")


def server() -> Actor:
    """The running server, where nobody asks it to do something."""
    return Actor(None, "server", "", _installation(), network="", origin="server")


def _installation() -> Hat:
    return Hat(
        key="system_admin:-:-",
        roles=frozenset({Role.SYSTEM_ADMIN}),
        school_id=None,
        school_uid="",
        person_id=None,
        person_uid="",
        zone="UTC",
    )
