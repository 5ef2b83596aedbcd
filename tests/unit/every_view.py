"""What all readers of a school see, and the rows of its set-up, people and accounts."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from ais_app.access import queries as access_queries
from ais_app.access.records import RECORDS as ACCESS
from ais_app.accounts import queries as account_lists
from ais_app.control.queries import accounts as account_sums
from ais_app.control.queries import movement
from ais_app.db.columns import table
from ais_app.exchange.oneroster.export_rows import rows_of
from ais_app.exchange.oneroster.export_tables import archive
from ais_app.journal.courses.queries import courses as course_lists
from ais_app.journal.courses.service import viewing
from ais_app.journal.lessons.queries import panel
from ais_app.journal.windows.queries import openings as opening_lists
from ais_app.ledger import records
from ais_app.ledger.rows import References
from ais_app.people.records import RECORDS as PEOPLE
from ais_app.rights.rules import Actor, Role
from ais_app.school import queries as school_reads
from ais_app.school.records import RECORDS as SCHOOL
from tests.conftest import MONDAY
from tests.unit.every_step import SHUT
from tests.unit.every_world import EveryWorld
from tests.unit.steps import COURSES
from tests.unit.test_taking_back_history import bare, named, plain, standing, views

TRAIL = ("corrections", "gone", "changed")  # a mark that was undone was seen: that it was taken away stays (0014)


def everything(world: EveryWorld) -> dict[str, Any]:
    """What every reader sees: of the journal and the diary, of lists, of the set-up and of accounts; then the rows."""
    school, when = world.school, MONDAY + timedelta(hours=3)
    seen = views(world, exact=False, without=TRAIL, now=when)

    def see(name: str, function: Any, actor: Actor, *arguments: Any) -> None:
        shown = bare(plain(school.read(function, actor, when, *arguments)), ("version",))
        seen[name] = repr(_as_set(shown))

    for login, role in (
        *((one, Role.TEACHER) for one in COURSES.values()),
        *((one.value, one) for one in (Role.DEPUTY, Role.DIRECTOR, Role.SCHOOL_ADMIN, Role.INSPECTOR)),
    ):
        actor = school.actor(login, role)
        see(f"{login} courses", course_lists.courses, actor)
        see(f"{login} top bar", school_reads.actor_details, actor)
    see("births", school_reads.birth_dates, school.actor("historian", Role.CLASS_TEACHER))
    for read in (opening_lists.waiting, opening_lists.open_now):
        see(read.__name__, read, world.deputy)
    for read in (account_sums.accounts, account_sums.without_sign_in, account_sums.ending_roles, movement.moves):
        see(read.__name__, read, world.admin)
    see("sizes", movement.sizes, world.admin)
    for name, login in COURSES.items():
        grant = asyncio.run(viewing.grant(school.database, school.actor(login, Role.TEACHER), school.courses[name]))
        for day in SHUT:
            work = school.work(name, day)

            def look(reading: Any, work: str = work, grant: Any = grant) -> Any:
                shown = panel.lesson_panel(reading, course_lists.course(reading, grant), (work, ""))
                lasting = [one for one in shown.asking.near if one.rule.until > reading.now]
                return replace(shown, asking=replace(shown.asking, near=lasting))  # who saw it open sees that it ended

            see(f"{login} panel of {day}", look, grant.actor)
    seen["export"] = school.database.read(_export, school.ref.id)
    seen["accounts"] = school.database.read(_accounts, world)
    for record in (*SCHOOL, *PEOPLE, *ACCESS):
        seen[f"rows {record.name}"] = school.database.read(_rows, record)
    return seen


def _export(connection: Connection, school_id: int) -> str:
    """The export of the school, without the order of rows."""
    tables = plain(standing(rows_of(archive(connection, school_id))))
    rows = {name: _as_set([{key: _as_set(_read(one)) for key, one in row.items()} for row in table])
            for name, table in tables.items()}  # fmt: skip
    return named(rows, {}, exact=False)


def _read(value: Any) -> Any:
    """A list of JSON as a list."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


def _as_set(value: Any) -> Any:
    """Lists without their order where it is that of ids: rows that came back have others."""
    return sorted(value, key=repr) if isinstance(value, list) else value


def _accounts(connection: Connection, world: EveryWorld) -> Any:
    accounts = SQLModel.metadata.tables["account"]
    rows = connection.execute(select(accounts).order_by(accounts.c.id)).all()
    now = MONDAY + timedelta(hours=3)
    held = account_lists.roles_of(connection, [row.id for row in rows])
    roles = {row.uid: _as_set(bare(plain(held.get(row.id, [])), ("school_id", "person_id"))) for row in rows}
    hats = {row.uid: _as_set(bare(plain(access_queries.hats(connection, row.id, now)), ("person_id",))) for row in rows}
    found = {
        row.uid: (row.login, row.blocked_at, row.code_hash, row.password_hash) for row in rows
    }  # fmt: skip
    name, of_class = account_lists.accounts_of_class(connection, world.school.ref, "7А", now)
    members = [(one.account.login, one.name, sorted(one.children)) for one in of_class]
    return {"accounts": found, "roles": roles, "hats": hats, "class": (name, sorted(members))}


def _rows(connection: Connection, record: records.Record) -> dict[str, dict[str, Any]]:
    """{subject: {field: value}} of a table, as the ledger would say it."""
    rows = [dict(row) for row in connection.execute(select(table(record.model))).mappings()]
    uids = References().of(connection, record, rows)
    found = {}
    for row in rows:
        said = records.spelled(record, row, uids)
        found[records.subject_of(record, row, uids)] = {name: records.text_or_value(one) for name, one in said.items()}
    return dict(sorted(found.items()))
