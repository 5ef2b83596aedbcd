"""What a person still has in his school: roles, memberships, teaching, guardianships. Each in words for a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.access.labels import role_name
from ais_app.access.models import Account, RoleAssignment
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.people.models import Guardianship, Person
from ais_app.people.names import Name
from ais_app.rights.rules import Role
from ais_app.school.models import AcademicYear, ClassLeading, Course, CourseTeacher, Enrollment, Group, SchoolClass

_account, _assignment = table(Account), table(RoleAssignment)
_person, _guardianship = table(Person), table(Guardianship)
_year, _group, _enrollment = table(AcademicYear), table(Group), table(Enrollment)
_class, _leading = table(SchoolClass), table(ClassLeading)
_course, _teacher = table(Course), table(CourseTeacher)


def holdings(connection: Connection, person_id: int, today: date) -> list[str]:
    """What is not over for this person today or begins later, a line each; of school years that are over nothing."""
    whose = connection, person_id, today
    return [
        *_roles(*whose),
        *_of_year(*whose, (_enrollment, _enrollment.c.group_id, _group), _("in «{name}»")),
        *_of_year(*whose, (_leading, _leading.c.class_id, _class), _("class teacher of «{name}»")),
        *_of_year(*whose, (_teacher, _teacher.c.course_id, _course), _("teacher of «{name}»")),
        *_guardianships(*whose),
    ]


def _roles(connection: Connection, person_id: int, today: date) -> Iterator[str]:
    rows = connection.execute(
        select(_assignment.c.role, _account.c.login)
        .join(_account, _account.c.id == _assignment.c.account_id)
        .where(_assignment.c.person_id == person_id, not_over(_assignment, today))
        .order_by(_assignment.c.id)
    )
    for row in rows:
        yield _("the role «{role}» of the account {login}").format(role=role_name(Role(row.role)), login=row.login)


def _of_year(
    connection: Connection, person_id: int, today: date, held: tuple[Any, Any, Any], words: str
) -> Iterator[str]:
    """`held`: (table of dated rows, their column of the owner, table of the owners, which have a year and a name)."""
    dated, owner_id, owner = held
    rows = connection.execute(
        select(owner.c.name, _year.c.name.label("year"))
        .select_from(dated)
        .join(owner, owner.c.id == owner_id)
        .join(_year, _year.c.id == owner.c.year_id)
        .where(dated.c.person_id == person_id, not_over(dated, today), _year.c.ends_on >= today)
        .order_by(dated.c.id)
    )
    for row in rows:
        yield f"{words.format(name=row.name)}, {row.year}"


def _guardianships(connection: Connection, person_id: int, today: date) -> Iterator[str]:
    for own, other, words in (
        (_guardianship.c.guardian_id, _guardianship.c.student_id, _("guardian of {name}")),
        (_guardianship.c.student_id, _guardianship.c.guardian_id, _("has the guardian {name}")),
    ):
        rows = connection.execute(
            select(_person.c.family_name, _person.c.given_name, _person.c.patronymic)
            .join(_guardianship, other == _person.c.id)
            .where(own == person_id, not_over(_guardianship, today))
            .order_by(_guardianship.c.id)
        )
        for row in rows:
            yield words.format(name=Name.of(row).full)


def not_over(dated: Any, today: date) -> ColumnElement[bool]:
    """Whether a row that holds in [valid_from, valid_to) is not over on a day."""
    return or_(dated.c.valid_to.is_(None), dated.c.valid_to > today)
