"""Notes about what came with an earlier set and is not in this one: it is left as it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.access.models import RoleAssignment
from ais_app.db.columns import table
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing, TargetSchool
from ais_app.exchange.oneroster.roster import is_out
from ais_app.people.models import Guardianship, Person, School
from ais_app.school.models import Course, CourseTeacher, Enrollment, SchoolClass

_person = table(Person)
_school = table(School)
# Tables in which somebody is present in a school as long as a row holds, with the column that names him.
_PRESENCE = (
    (table(Enrollment), "person_id"),
    (table(CourseTeacher), "person_id"),
    (table(RoleAssignment), "person_id"),
    (table(Guardianship), "guardian_id"),
)


def name_schools(importing: Importing) -> None:
    """Note the schools that came from this source before and are not in the set."""
    orgs = importing.roster["orgs"]
    gone = {key: uid for key, uid in importing.ids.of("org").items() if key not in orgs or is_out(orgs[key])}
    names = _names(importing, _school, set(gone.values()))
    for key, uid in sorted(gone.items()):
        if uid in names:
            importing.report.notes.append(importing.note("orgs", codes.SCHOOL_GONE, name=names[uid], key=key))


def name_classes(importing: Importing, target: TargetSchool) -> None:
    """Note the classes and courses of the imported years that came before and are not in the set."""
    sheet = importing.roster["classes"]
    for year in target.years:
        for entity, owners in ((f"homeroom@{year.uid}", table(SchoolClass)), (f"class@{year.uid}", table(Course))):
            known = importing.ids.of(entity).items()
            gone = {key: uid for key, uid in known if key not in sheet or is_out(sheet[key])}
            names = _names(importing, owners, set(gone.values()))
            for key, uid in sorted(gone.items()):
                if uid in names:
                    note = importing.note("classes", codes.CLASS_GONE, name=names[uid], key=key, school=target.name)
                    importing.report.notes.append(note)


def name_people(importing: Importing, target: TargetSchool) -> None:
    """Note the people who came before, are present in the school today or later and are not in the set.

    People who have left the school are not noted again at each import.
    """
    users = importing.roster["users"]
    gone = {uid: key for key, uid in importing.ids.of(f"user@{target.school.uid}").items() if key not in users}
    if not gone:
        return
    statement = select(_person.c.uid, _person.c.family_name, _person.c.given_name).where(
        _person.c.school_id == target.school.id,
        or_(*(_is_present(importing, rows, column) for rows, column in _PRESENCE)),
    )
    present = [row for row in importing.uow.execute(statement) if row.uid in gone]
    if present:
        importing.report.notes.append(
            importing.note("users", codes.PEOPLE_GONE, count=len(present), school=target.name)
        )
    for row in sorted(present, key=lambda row: (row.family_name, row.given_name, row.uid)):
        name = f"{row.family_name} {row.given_name}"
        importing.report.notes.append(importing.note("users", codes.PERSON_GONE, name=name, key=gone[row.uid]))


def _is_present(importing: Importing, rows: Any, column: str) -> ColumnElement[bool]:
    holding = select(rows.c.id).where(
        rows.c[column] == _person.c.id, or_(rows.c.valid_to.is_(None), rows.c.valid_to > importing.today)
    )
    return holding.exists()


def _names(importing: Importing, owners: Any, uids: set[str]) -> dict[str, str]:
    if not uids:
        return {}
    rows = importing.uow.execute(select(owners.c.uid, owners.c.name))
    return {row.uid: row.name for row in rows if row.uid in uids}
