"""A set in the terms of АИС: schools, roles, terms of membership and guardians, the same for every version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ais_app.exchange.engine import Findings, Line, Note, Sheet
from ais_app.exchange.oneroster.manifest import Manifest
from ais_app.rights.rules import Role

# Roles of OneRoster 1.1 and 1.2 and of SDS v2.1 that mean a role here, in lower case.
ROLES: Mapping[str, Role] = {
    **dict.fromkeys(("teacher", "professor", "lecturer", "faculty", "instructor", "adjunct"), Role.TEACHER),
    **dict.fromkeys(("parent", "guardian", "relative"), Role.GUARDIAN),
    **dict.fromkeys(("administrator", "siteadministrator"), Role.SCHOOL_ADMIN),
    "student": Role.STUDENT,
    "principal": Role.DIRECTOR,
}
# Roles by which somebody is a person of the school without a role in it.
BESIDE = frozenset(
    {"aide", "proctor", "counselor", "staff", "nurse", "librarian", "coach", "researcher", "alumni", "other"}
)
# Roles above a school: a file never gives them (S-15, S-17).
ABOVE = frozenset({"districtadministrator", "systemadministrator", "system_admin", "sysadmin", "inspector"})
# The values of `metadata.ais.role` in our own export: every role within a school.
OWN_ROLES: Mapping[str, Role] = {role.value: role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.INSPECTOR)}
# Kinds of sessions: the school year, and what divides it, the best first.
DIVISIONS = ("gradingperiod", "term", "semester")
HOLIDAY = "ext:holiday"  # in our own exports
SESSIONS = frozenset({"schoolyear", HOLIDAY, *DIVISIONS})
ABOVE_SCHOOLS = frozenset({"district", "local", "state", "national", "ministryofeducation", "ministry", "region"})
WITHIN_SCHOOLS = frozenset({"department", "division", "program", "faculty", "grade"})


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role of a user in a school (its org), in [begin, end); None where the set does not tell.

    Our own export also names the account that has it and the id of the role (`key`).
    """

    role: Role
    org: str
    begin: date | None = None
    end: date | None = None
    account: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody in a class as student or teacher, in [begin, end); None where the set does not tell."""

    user: str
    begin: date | None
    end: date | None
    note: str
    line: Line


@dataclass(frozen=True, slots=True)
class GuardianLink:
    guardian: str
    student: str
    relation: str
    begin: date | None = None
    end: date | None = None


@dataclass
class OwnAccount:
    """An account of our own export; `line`: the row of the first of its `users`."""

    login: str
    blocked: bool
    line: Line
    users: list[str] = field(default_factory=list)


@dataclass
class Roster:
    """A checked set. `schools`: {org: its row}; `school_of`: {org: its school, itself or the one above}.

    `roles`: {user: roles}; `students` and `teachers`: {class: terms}; `accounts` of our own export by their ids.
    """

    manifest: Manifest
    sheets: Mapping[str, Sheet]
    notes: Findings[Note] = field(default_factory=Findings[Note])
    schools: dict[str, Line] = field(default_factory=dict)
    school_of: dict[str, str] = field(default_factory=dict)
    roles: dict[str, list[GivenRole]] = field(default_factory=dict)
    students: dict[str, list[Term]] = field(default_factory=dict)
    teachers: dict[str, list[Term]] = field(default_factory=dict)
    guardians: list[GuardianLink] = field(default_factory=list)
    accounts: dict[str, OwnAccount] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Sheet:
        return self.sheets[name]

    def classes_of(self, org: str) -> dict[str, Line]:
        """{sourcedId: row} of the classes of a school, without those to be deleted."""
        return {
            key: line
            for key, line in self["classes"]
            if not is_out(line) and self.school_of.get(line["schoolSourcedId"]) == org
        }

    def users_of(self, org: str) -> dict[str, Line]:
        """{user: row} of a school: by a role in it, by its classes or its org, or as guardian of one of these."""
        users = {user for user, roles in self.roles.items() if any(one.org == org for one in roles)}
        for key in self.classes_of(org):
            users |= {term.user for term in (*self.students.get(key, ()), *self.teachers.get(key, ()))}
        users |= {user for user, line in self["users"] if org in (self.school_of.get(one) for one in orgs_of(line))}
        users |= {link.guardian for link in self.guardians if link.student in users}
        return {user: line for user, line in self["users"] if user in users}


def is_out(line: Line) -> bool:
    """Whether the status of a row says that it is deleted: «tobedeleted» or «inactive»."""
    return line["status"].casefold() in ("tobedeleted", "inactive")


def is_enabled(line: Line) -> bool:
    """Whether a user of the set may sign in."""
    return not is_out(line) and line.flag("enabledUser", empty=True)


def orgs_of(user: Line) -> list[str]:
    return [*user.several("orgSourcedIds"), *filter(None, [user["primaryOrgSourcedId"]])]
