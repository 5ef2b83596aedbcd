"""The logins of the demonstration school, as the login page and `ais run` list them."""

from __future__ import annotations

from ais_app.access.labels import role_name
from ais_app.rights.rules import Role

DEMONSTRATION = {
    "teacher": Role.TEACHER,
    "class_teacher": Role.CLASS_TEACHER,
    "guardian": Role.GUARDIAN,
    "student": Role.STUDENT,
    "deputy": Role.DEPUTY,
    "director": Role.DIRECTOR,
    "secretary": Role.SECRETARY,
    "admin": Role.SCHOOL_ADMIN,
    "inspector": Role.INSPECTOR,
    "system": Role.SYSTEM_ADMIN,
}


def demonstration_logins() -> list[tuple[str, str]]:
    """[(login, role in words)]; the password is «demo-» and the login."""
    return [(login, role_name(role)) for login, role in DEMONSTRATION.items()]
