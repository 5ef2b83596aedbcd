"""Roles and hats in words."""

from __future__ import annotations

from collections.abc import Iterable

from ais_app.i18n import _
from ais_app.rights.rules import Role


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
