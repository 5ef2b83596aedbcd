"""The database's own refusal to rewrite the ledger. Batch migrations drop triggers: `install` after each (D-9).

Who may change the schema can drop or empty a trigger: `faults` compares what stands there with what belongs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

from ais_app.i18n import _

_MESSAGE = "the ledger is append-only"
_APPEND_ONLY = ("operation", "operation_item")
# Tables whose text may be erased, and the columns that stay as they are even then.
_ERASABLE = {"operation_text": ("item_id", "field"), "operation_reason": ("operation_id",)}
_TABLES = (*_APPEND_ONLY, *_ERASABLE, "ledger_chain")
# What is unique in each table: SQLite deletes the row in the way of `INSERT OR REPLACE` and runs no trigger for that.
_UNIQUE = {
    "operation": (("id",), ("uid",), ("chain_id", "sequence")),
    "operation_item": (("id",), ("operation_id", "ordinal")),
    "operation_text": (("id",), ("item_id", "field")),
    "operation_reason": (("id",), ("operation_id",)),
    "ledger_chain": (("chain_id",),),
}
_BODY = f"BEGIN RAISE EXCEPTION '{_MESSAGE}'; END"


@dataclass(frozen=True, slots=True)
class _Trigger:
    """Refuses `event` on `table`, where there is a `condition` only what it holds for."""

    table: str
    event: str
    condition: str = ""

    @property
    def name(self) -> str:
        return f"ledger_{self.table}_{self.event}"

    @property
    def sqlite(self) -> str:
        when = f"WHEN {self.condition} " if self.condition else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event.upper()} ON {self.table} "
            f"{when}BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )

    @property
    def postgresql(self) -> str:
        when = f"WHEN ({self.condition}) " if self.condition else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event.upper()} ON {self.table} FOR EACH ROW "
            f"{when}EXECUTE FUNCTION ledger_refuse()"
        )


def install(connection: Connection) -> None:
    """(Re-)create the triggers that refuse UPDATE, DELETE and replacing, unless all are as they should be; a text may
    only become NULL, a head only go on. A process that starts beside others changes nothing and waits for nobody.
    """
    if not faults(connection):
        return
    for statement in _sqlite() if connection.dialect.name == "sqlite" else _postgresql():
        connection.execute(text(statement))


def faults(connection: Connection) -> list[str]:
    """What is wrong with the triggers: each that is missing, differs from the product's or is none of the product's."""
    on_sqlite = connection.dialect.name == "sqlite"
    found = _found_in_sqlite(connection) if on_sqlite else _found_in_postgresql(connection)
    expected = {
        one.name: _plain(one.sqlite if on_sqlite else f"{one.postgresql} {_BODY}") for one in _triggers(on_sqlite)
    }
    wrong = [f"{name}: " + _("is missing") for name in expected.keys() - found.keys()]
    wrong += [f"{name}: " + _("is none of the product's") for name in found.keys() - expected.keys()]
    wrong += [
        f"{name}: " + _("is not as the product made it")
        for name in found.keys() & expected.keys()
        if found[name] != expected[name]
    ]
    return sorted(wrong)


def _triggers(on_sqlite: bool) -> Iterator[_Trigger]:
    for table in _APPEND_ONLY:
        yield _Trigger(table, "update")
    for table, kept in _ERASABLE.items():
        changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("digest", *kept, "id"))
        yield _Trigger(table, "update", f"NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR {changed}")
    yield _Trigger("ledger_chain", "update", "NEW.sequence <= OLD.sequence OR NEW.chain_id <> OLD.chain_id")
    for table in _TABLES:
        yield _Trigger(table, "delete")
        if on_sqlite:
            yield _Trigger(table, "insert", " OR ".join(_stands_already(table, columns) for columns in _UNIQUE[table]))


def _stands_already(table: str, columns: tuple[str, ...]) -> str:
    equal = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {equal})"  # noqa: S608 - names of this module


def _sqlite() -> list[str]:
    triggers = list(_triggers(on_sqlite=True))
    return [f"DROP TRIGGER IF EXISTS {one.name}" for one in triggers] + [one.sqlite for one in triggers]


def _postgresql() -> list[str]:
    order = "ledger_chain, operation, operation_item, operation_text, operation_reason"  # as a writer takes them
    statements = [f"LOCK TABLE {order} IN ACCESS EXCLUSIVE MODE"]
    statements += [f"CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {_BODY} $$"]
    for one in _triggers(on_sqlite=False):
        statements += [f"DROP TRIGGER IF EXISTS {one.name} ON {one.table}", one.postgresql]
    return statements


_IN_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables").bindparams(
    bindparam("tables", list(_TABLES), expanding=True)
)
# Those that are enabled for everybody, each with the body of the function that it calls.
_IN_POSTGRESQL = text(
    "SELECT t.tgname AS name, pg_get_triggerdef(t.oid) || ' ' || p.prosrc AS sql, current_schema() AS schema "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relname IN :tables "
    "AND c.relnamespace = current_schema()::regnamespace"
).bindparams(bindparam("tables", list(_TABLES), expanding=True))


def _found_in_sqlite(connection: Connection) -> dict[str, str]:
    return {row.name: _plain(row.sql) for row in connection.execute(_IN_SQLITE)}


def _found_in_postgresql(connection: Connection) -> dict[str, str]:
    rows = connection.execute(_IN_POSTGRESQL)
    return {row.name: _plain(row.sql.replace(f"{row.schema}.", "")) for row in rows}


def _plain(definition: str) -> str:
    """A definition without what a database adds when it spells it anew: brackets, casts, spaces, capitals."""
    without_casts = re.sub(r"::(text|character varying)", "", definition.lower())
    return re.sub(r"[()\s]+", " ", without_casts).strip()
