"""From what one chooses conditions: kinds that the chain has, authors of the staff, classes and their students."""

from __future__ import annotations

from sqlalchemy import func, select

from ais_app.access.models import Account, RoleAssignment
from ais_app.db.columns import table
from ais_app.history.queries.reach import reach_of
from ais_app.ledger.models import Operation
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, by_name, told_apart
from ais_app.rights.reading import Reading
from ais_app.rights.rules import FAMILY
from ais_app.school.models import AcademicYear, Enrollment, SchoolClass

_operation, _account, _assignment = table(Operation), table(Account), table(RoleAssignment)
_person, _class, _year, _enrollment = table(Person), table(SchoolClass), table(AcademicYear), table(Enrollment)


def kinds(reading: Reading) -> list[str]:
    """The kinds of operations that are there, one step of the index for each. Raises NotYours."""
    chain = reach_of(reading.actor).chain
    least = select(func.min(_operation.c.kind)).where(_operation.c.chain_id == chain)
    steps = least.cte("steps", recursive=True)
    (kind,) = steps.c
    following = least.where(_operation.c.kind > kind).correlate(steps).scalar_subquery()
    steps = steps.union_all(select(following).where(kind.is_not(None)))
    return [name for name in reading.execute(select(steps)).scalars() if name is not None]


def authors(reading: Reading) -> list[tuple[str, str]]:
    """(account, name) of everybody who has or had a role of the staff, by name; [] for who may not choose by author."""
    if not _may_choose(reading):
        return []
    rows = reading.execute(
        select(_account.c.uid.label("account"), _person.c.family_name, _person.c.given_name, _person.c.patronymic)
        .join(_assignment, _assignment.c.account_id == _account.c.id)
        .join(_person, _person.c.id == _assignment.c.person_id)
        .where(
            _assignment.c.school_id == reading.hat.school_id,
            _person.c.school_id == reading.hat.school_id,
            _assignment.c.role.not_in([role.value for role in FAMILY]),
        )
        .order_by(*by_name(_person))
    )
    return list(told_apart({row.account: Name.of(row) for row in rows}, Spelling.SIGNED).items())


def classes(reading: Reading, chosen: str = "") -> list[tuple[str, str]]:
    """(uid, name) of the classes of the last year that has begun, and of the chosen one."""
    if not reach_of(reading.actor).wide:
        return []
    year = (
        select(_year.c.id)
        .where(_year.c.school_id == reading.hat.school_id, _year.c.starts_on <= reading.today)
        .order_by(_year.c.starts_on.desc())
        .limit(1)
    )
    of_the_year = _class.c.year_id == year.scalar_subquery()
    rows = reading.execute(
        select(_class.c.uid, _class.c.name, _year.c.name.label("year"), of_the_year.label("present"))
        .join(_year, _year.c.id == _class.c.year_id)
        .where(_class.c.school_id == reading.hat.school_id, of_the_year | (_class.c.uid == chosen))
        .order_by(_class.c.grade, _class.c.letter, _class.c.name)
    )
    return [(row.uid, row.name if row.present else f"{row.name}, {row.year}") for row in rows]


def students(reading: Reading, school_class: str) -> list[tuple[str, str]]:
    """(uid, name) of everybody who is or was in a class, by name; [] for who may not choose by names."""
    if not school_class or not _may_choose(reading):
        return []
    rows = reading.execute(
        select(_person)
        .where(
            _person.c.id.in_(
                select(_enrollment.c.person_id)
                .join(_class, _class.c.group_id == _enrollment.c.group_id)
                .where(_class.c.uid == school_class, _class.c.school_id == reading.hat.school_id)
            )
        )
        .order_by(*by_name(_person))
    )
    return list(told_apart({row.uid: Name.of(row) for row in rows}, Spelling.LISTED).items())


def is_of_school(reading: Reading, person: str) -> bool:
    """Whether a person belongs to the actor's school."""
    where = _person.c.uid == person, _person.c.school_id == reading.hat.school_id
    return reading.execute(select(_person.c.id).where(*where)).first() is not None


def _may_choose(reading: Reading) -> bool:
    """Whether the actor may choose among names: of a whole school, and with the names."""
    return reach_of(reading.actor).wide and not reading.hat.is_watched
