"""The database's own refusal to rewrite the ledger. Batch migrations drop triggers: `install` after each (D-9)."""

from __future__ import annotations

from sqlalchemy import Connection, text

APPEND_ONLY = ("operation", "operation_item")
ERASABLE = {"operation_text": ("item_id", "field"), "operation_reason": ("operation_id",)}  # and what stays as it is
_MESSAGE = "the ledger is append-only"


def install(connection: Connection) -> None:
    """(Re-)create the triggers that refuse UPDATE and DELETE; a text may only become NULL."""
    for statement in _sqlite() if connection.dialect.name == "sqlite" else _postgresql():
        connection.execute(text(statement))


def missing(connection: Connection) -> list[str]:
    """The names of triggers that are not there."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    present = set(connection.execute(text(query)).scalars())
    return [name for name in _names() if name not in present]


def _names() -> list[str]:
    tables = (*APPEND_ONLY, *ERASABLE)
    return [f"ledger_{table}_{event}" for table in tables for event in ("update", "delete")]


def _rewrites(table: str) -> str:
    """The condition under which an update of a text is more than its erasure."""
    kept = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("digest", *ERASABLE[table], "id"))
    return f"NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR {kept}"


def _sqlite() -> list[str]:
    statements = [f"DROP TRIGGER IF EXISTS {name}" for name in _names()]
    for table in (*APPEND_ONLY, *ERASABLE):
        for event in ("update", "delete"):
            condition = f"WHEN {_rewrites(table)} " if table in ERASABLE and event == "update" else ""
            statements.append(
                f"CREATE TRIGGER ledger_{table}_{event} BEFORE {event.upper()} ON {table} "
                f"{condition}BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            )
    return statements


def _postgresql() -> list[str]:
    statements = [
        (
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
        )
    ]
    for table in (*APPEND_ONLY, *ERASABLE):
        for event in ("update", "delete"):
            name = f"ledger_{table}_{event}"
            condition = f"WHEN ({_rewrites(table)}) " if table in ERASABLE and event == "update" else ""
            statements += [
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                (
                    f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW "
                    f"{condition}EXECUTE FUNCTION ledger_refuse()"
                ),
            ]
    return statements
