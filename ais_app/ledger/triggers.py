"""The database's own refusal to rewrite the ledger. Batch migrations drop triggers: `install` after each (D-9)."""

from __future__ import annotations

from sqlalchemy import Connection, text

APPEND_ONLY = ("operation", "operation_item")
ERASABLE = "operation_text"
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
    tables = (*APPEND_ONLY, ERASABLE)
    return [f"ledger_{table}_{event}" for table in tables for event in ("update", "delete")]


def _sqlite() -> list[str]:
    statements = [f"DROP TRIGGER IF EXISTS {name}" for name in _names()]
    for table in APPEND_ONLY:
        statements += [
            f"CREATE TRIGGER ledger_{table}_{event} BEFORE {event.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            for event in ("update", "delete")
        ]
    statements += [
        (
            f"CREATE TRIGGER ledger_{ERASABLE}_update BEFORE UPDATE ON {ERASABLE} "
            "WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.digest <> OLD.digest "
            "OR NEW.item_id <> OLD.item_id OR NEW.field <> OLD.field OR NEW.id <> OLD.id "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        ),
        (
            f"CREATE TRIGGER ledger_{ERASABLE}_delete BEFORE DELETE ON {ERASABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        ),
    ]
    return statements


def _postgresql() -> list[str]:
    statements = [
        (
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
        )
    ]
    for table in (*APPEND_ONLY, ERASABLE):
        for event in ("update", "delete"):
            name = f"ledger_{table}_{event}"
            condition = ""
            if table == ERASABLE and event == "update":
                condition = (
                    "WHEN (NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.digest <> OLD.digest "
                    "OR NEW.item_id <> OLD.item_id OR NEW.field <> OLD.field OR NEW.id <> OLD.id) "
                )
            statements += [
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                (
                    f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW "
                    f"{condition}EXECUTE FUNCTION ledger_refuse()"
                ),
            ]
    return statements
