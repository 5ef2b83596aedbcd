"""Migration 0008: rows that are there get their keys and their normal form; history is added to, never changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, bindparam, text

import ais_app.tables  # noqa: F401 - every table that a room declares
from ais_app.db import Database, migrations
from ais_app.db.columns import UtcDateTime
from ais_app.ledger import queries as ledger
from ais_app.ledger import rules, triggers, verifying
from ais_app.people.names import sort_key
from ais_app.rights.rules import Author

APART = unicodedata.normalize("NFD", "Ёлкин"), unicodedata.normalize("NFD", "Андрей"), "Ильич"
SCHOOL, CHAIN = "s" * 16, "school:" + "s" * 16
OPENED = datetime(2026, 9, 1, tzinfo=UTC)


def triggers_of_then(connection: Connection) -> None:
    """The triggers that the database had before reasons got a table of their own."""
    sqlite = connection.dialect.name == "sqlite"
    for statement in triggers._sqlite() if sqlite else triggers._postgresql():
        if "operation_reason" not in statement:
            connection.execute(text(statement))


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request, tmp_path) -> Iterator[Database]:
    """A database of the revision before, with a school, two persons, a subject and a chain of one operation."""
    url = (
        f"sqlite:///{tmp_path / 'm.sqlite3'}"
        if request.param == "sqlite"
        else request.getfixturevalue("fresh_postgresql")
    )
    database = Database(url)
    migrations.upgrade(database, triggers_of_then, "0007")
    with database.connect() as connection, connection.begin():
        for statement, values in _rows():
            prepared = text(statement)
            if "at" in values:
                prepared = prepared.bindparams(bindparam("at", type_=UtcDateTime()))
            connection.execute(prepared, values)
    yield database
    database.close()


_SCHOOL = (
    "INSERT INTO school (id, uid, name, short_name, zone, edit_window_days, mark_one_allowed, mark_beside_absence, "
    "demonstration, created_at) VALUES (1, :uid, 'Школа', 'Школа', 'Europe/Moscow', 7, :no, :no, :no, :at)"
)
_PERSON = (
    "INSERT INTO person (id, uid, school_id, family_name, given_name, patronymic) "
    "VALUES (:id, :uid, 1, :family, :given, :patronymic)"
)
_SUBJECT = "INSERT INTO subject (id, uid, school_id, name, short_name) VALUES (1, :uid, 1, :name, 'й')"
_CHAIN = "INSERT INTO ledger_chain (chain_id, sequence, head) VALUES (:chain, 1, :head)"
_OPERATION = (
    "INSERT INTO operation (chain_id, sequence, uid, kind, account, hat, session, network, origin, moment, "
    "canonical, previous, hash) VALUES (:chain, 1, :uid, 'school_opened', 'operator', 'system_admin:-:-', '', '', "
    "'cli', :at, :canonical, :previous, :head)"
)


def _rows() -> Iterator[tuple[str, dict[str, object]]]:
    yield _SCHOOL, {"uid": SCHOOL, "no": False, "at": OPENED}
    yield _PERSON, {"id": 1, "uid": "a" * 16, "family": APART[0], "given": APART[1], "patronymic": APART[2]}
    yield _PERSON, {"id": 2, "uid": "b" * 16, "family": "Егоров", "given": "Ян", "patronymic": ""}
    yield _SUBJECT, {"uid": "c" * 16, "name": unicodedata.normalize("NFD", "Чтение вслух, йога")}
    canonical = rules.canonical_operation(
        chain=CHAIN,
        sequence=1,
        uid="o" * 16,
        kind="school_opened",
        spelling=1,
        author=Author("operator", "system_admin:-:-", "", "", "cli"),
        moment=OPENED,
        items="",
    )
    head = rules.link(rules.GENESIS, canonical)
    yield _CHAIN, {"chain": CHAIN, "head": head}
    values = {"uid": "o" * 16, "at": OPENED, "canonical": canonical, "previous": rules.GENESIS}
    yield _OPERATION, {"chain": CHAIN, "head": head, **values}


def test_names_are_mended_by_an_operation_and_keys_filled(old):
    before = old.read(lambda one: one.execute(text("SELECT canonical, hash FROM operation")).all())
    migrations.upgrade(old, triggers.install)
    people = old.read(
        lambda one: one.execute(
            text("SELECT family_name, given_name, patronymic, sort_key FROM person ORDER BY sort_key")
        ).all()
    )
    assert [tuple(row) for row in people] == [
        ("Егоров", "Ян", "", sort_key("Егоров", "Ян", "")),
        ("Ёлкин", "Андрей", "Ильич", sort_key("Ёлкин", "Андрей", "Ильич")),
    ]
    assert old.read(lambda one: one.execute(text("SELECT name FROM subject")).scalar_one()) == "Чтение вслух, йога"
    after = old.read(lambda one: one.execute(text("SELECT canonical, hash FROM operation ORDER BY sequence")).all())
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2, "the names, and the setting that is not the usual one (0020)"
    assert old.read(lambda one: list(verifying.verify(one))) == []
    (step,) = old.read(ledger.history, CHAIN, "person", "a" * 16)
    assert (step.kind, step.account) == ("names_normalised", "operator")
    assert (step.before, step.after) == ({"name": " ".join(APART)}, {"name": "Ёлкин Андрей Ильич"})
    (step,) = old.read(ledger.history, CHAIN, "subject", "c" * 16)
    assert step.after == {"name": "Чтение вслух, йога"}
    assert old.read(ledger.history, CHAIN, "person", "b" * 16) == [], "nothing of hers changed"


def test_the_way_down_leaves_the_rows(old):
    migrations.upgrade(old, triggers.install)
    migrations.downgrade(old, "0007")
    assert old.read(lambda one: one.execute(text("SELECT count(*) FROM person")).scalar_one()) == 2
    migrations.upgrade(old, triggers.install)
    keys = old.read(lambda one: one.execute(text("SELECT sort_key FROM person")).scalars().all())
    assert all(keys)
