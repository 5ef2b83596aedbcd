"""Somebody with the database in his hands: changes past the product, its triggers and its foreign keys."""

from __future__ import annotations

import sqlite3
from weakref import WeakSet

import psycopg
from sqlalchemy import Connection, select, text, update

from ais_app.db import Database
from ais_app.db.columns import table
from ais_app.ledger import rules
from ais_app.ledger.models import LedgerChain, Operation, OperationItem
from ais_app.rights.rules import Author

TAMPERED: WeakSet[Database] = WeakSet()  # whose rows were written past the ledger
POSTGRESQL_SPELLS = ("datetime(moment, '-1 day')", "moment - interval '1 day'")
_operation, _item, _chain = table(Operation), table(OperationItem), table(LedgerChain)


def tamper(database: Database, statement: str) -> None:
    """Change the database behind the product's back: no triggers, no foreign keys, another program."""
    TAMPERED.add(database)
    if not database.is_sqlite:
        address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            connection.execute("SET session_replication_role = replica")
            assert connection.execute(statement.replace(*POSTGRESQL_SPELLS).encode()).rowcount
        return
    with sqlite3.connect(str(database.url.database)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount


def rewrite_history(database: Database, chain: str, old: str, new: str) -> None:
    """Put `new` for `old` into every item of a chain and spell, hash and link all of it anew, its head too."""
    tamper(database, "UPDATE ledger_chain SET head = head")  # drops the triggers of SQLite
    with database.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        _rewrite(connection, chain, old, new)


def _rewrite(connection: Connection, chain: str, old: str, new: str) -> None:
    previous = rules.GENESIS
    for row in connection.execute(select(_operation).where(_operation.c.chain_id == chain).order_by("sequence")).all():
        items = []
        of_row = select(_item).where(_item.c.operation_id == row.id).order_by("ordinal")
        for item in connection.execute(of_row).all():
            data = item.data.replace(old, new)
            connection.execute(update(_item).where(_item.c.id == item.id).values(data=data))
            items.append((item.entity, item.subject, data))
        canonical = rules.canonical_operation(
            chain=chain,
            sequence=row.sequence,
            uid=row.uid,
            kind=row.kind,
            author=Author(row.account, row.hat, row.session, row.network, row.origin),
            moment=row.moment,
            items=rules.spelled_items(items),
            spelling=row.format,
            reason=row.reason,
        )
        linked = {"canonical": canonical, "previous": previous, "hash": rules.link(previous, canonical)}
        connection.execute(update(_operation).where(_operation.c.id == row.id).values(linked))
        previous = linked["hash"]
    connection.execute(update(_chain).where(_chain.c.chain_id == chain).values(head=previous))


def cut_off(database: Database, chain: str, last: int) -> None:
    """Delete the last operations of a chain with all that belongs to them, and set its head to what is left."""
    gone = f"SELECT id FROM operation WHERE chain_id = '{chain}' AND sequence > {last}"
    items = f"SELECT id FROM operation_item WHERE operation_id IN ({gone})"
    tamper(database, "UPDATE ledger_chain SET head = head")
    with database.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (
            f"DELETE FROM operation_text WHERE item_id IN ({items})",
            f"DELETE FROM operation_reason WHERE operation_id IN ({gone})",
            f"DELETE FROM operation_item WHERE operation_id IN ({gone})",
            f"DELETE FROM operation WHERE chain_id = '{chain}' AND sequence > {last}",
        ):
            connection.execute(text(statement))
        of_last = select(_operation.c.hash).where(_operation.c.chain_id == chain, _operation.c.sequence == last)
        head = connection.execute(of_last).scalar_one_or_none() or rules.GENESIS
        there = update(_chain).where(_chain.c.chain_id == chain)
        connection.execute(there.values(sequence=last, head=head))
