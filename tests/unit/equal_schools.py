"""Whether two installations hold the same schools: every column of every table, or a reason why not.

Read past the export: what an export forgets is found here. A new table or column is compared as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Table, select

from ais_app.db import Database
from ais_app.exchange.oneroster.roster import OWN_ROLES
from tests.unit.equal_sets import KEY, compared

# Tables that are no part of a school.
NOT_PART = {
    "ledger_chain": "a new history begins where a school moves to",
    "operation": "the same",
    "operation_item": "the same",
    "operation_text": "the same",
    "operation_reason": "the same",
    "diary_visit": "when an account has looked is its own affair, and the account is a new one",
    "login_session": "whoever was signed in signs in again",
    "login_throttle": "attempts at an installation",
    "security_event": "refusals of an installation",
    "preference": "how somebody likes the pages; no right hangs on it",
    "topic_sequence": "numbers of live changes in this installation",
    "import_run": "how the writing of a set went in this installation; what it wrote is compared",
    "imported_change": "the same",
    "imported_id": "compared in the sets: aisSources.csv",
}
# Columns that stay behind. `uid` and `id` are other names of the same row there.
LEFT_BEHIND = {
    ("school", "created_at"): "when it was opened in this installation",
    ("school", "demonstration"): "its passwords, which everybody knows, do not travel",
    ("account", "password_hash"): "passwords never leave an installation",
    ("account", "code_hash"): "new codes are given",
    ("account", "created_at"): "when it was opened in this installation",
    ("account", "last_login_at"): "at this installation",
    ("lesson", "version"): "a new history begins",
    ("cell", "version"): "the same",
    ("period_lock", "closed_by"): "an account of the installation; the ledger there says who",
}


def differences(one: Database, other: Database) -> list[str]:
    """What one installation holds and the other does not, in words; empty when they are equal."""
    return compared(one.read(_told), other.read(_told), KEY)


def _told(connection: Connection) -> list[str]:
    """Every row as text, with each key as `table#id`."""
    from sqlmodel import SQLModel

    import ais_app.tables  # noqa: F401 - every table there is

    found = []
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in NOT_PART:
            rows = connection.execute(select(table)).all()
            found += [_spelled(table, row) for row in rows if _is_part(connection, table.name, row)]
    return found


def _spelled(table: Table, row: Any) -> str:
    return f"{table.name}: " + ", ".join(_cells(table, row))


def _cells(table: Table, row: Any) -> Iterator[str]:
    for column in table.columns:
        value = getattr(row, column.name)
        target = next(iter(column.foreign_keys), None)
        if column.name == "id":
            yield f"{table.name}#{value}"
        elif column.name == "uid" or (table.name, column.name) in LEFT_BEHIND or value is None:
            continue
        elif target is not None:
            yield f"{column.name}={target.column.table.name}#{value}"
        elif (table.name, column.name) == ("account", "blocked_at"):
            yield "blocked"  # the moment is that of the move
        else:
            yield f"{column.name}={value.isoformat() if isinstance(value, date | datetime | time) else value!r}"


def _is_part(connection: Connection, name: str, row: Any) -> bool:
    """Roles above a school, their accounts, and what is there as if it was not are no part of it."""
    match name:
        case "role_assignment":
            return row.role in OWN_ROLES
        case "account":
            roles = connection.exec_driver_sql(f"SELECT role FROM role_assignment WHERE account_id = {row.id}")
            return any(role in OWN_ROLES for (role,) in roles)
        case "homework":
            return bool(row.text or row.nothing_set)
        case "cell":
            return _holds_something(connection, row)
    return True


def _holds_something(connection: Connection, cell: Any) -> bool:
    """Whether a cell was not emptied again."""
    marks = f"SELECT 1 FROM mark WHERE work_id = {cell.work_id} AND student_id = {cell.student_id}"
    absences = (
        "SELECT 1 FROM attendance a JOIN work w ON w.lesson_id = a.lesson_id AND w.ordinal = 1"
        f" WHERE w.id = {cell.work_id} AND a.student_id = {cell.student_id}"
    )
    return bool(connection.exec_driver_sql(f"{marks} UNION ALL {absences}").first())
