"""Roles and hats in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ais_app.i18n import _
from ais_app.people.names import Name, initials
from ais_app.rights.rules import Role


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """Who is signed in, as every page's top bar says it: name, the two letters of the picture, and the role."""

    name: str
    letters: str
    role: str


def role_name(role: Role) -> str:
    """«Учитель», «Заместитель директора»."""
    return {
        Role.SYSTEM_ADMIN: _("System administrator"),
        Role.SCHOOL_ADMIN: _("School administrator"),
        Role.DIRECTOR: _("Director"),
        Role.DEPUTY: _("Deputy director"),
        Role.SECRETARY: _("Secretary"),
        Role.TEACHER: _("Teacher"),
        Role.CLASS_TEACHER: _("Class teacher"),
        Role.STUDENT: _("Student"),
        Role.GUARDIAN: _("Parent"),
        Role.INSPECTOR: _("Inspector"),
    }[role]


def hat_name(roles: Iterable[Role]) -> str:
    """The roles of a hat in their order, «Учитель, классный руководитель»."""
    names = [role_name(role) for role in Role if role in set(roles)]
    return ", ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])]) if names else ""


def shown_person(name: Name | None, roles: Iterable[Role]) -> ShownPerson:
    """The person with this name, or the role alone where the account is nobody's (a system administrator)."""
    role = hat_name(roles)
    if name is None:
        return ShownPerson(role, role[:2].upper(), role)
    letters = (name.family[:1] + name.given[:1]).upper() or role[:2].upper()
    return ShownPerson(initials(name.family, name.given, name.patronymic) or role, letters, role)
