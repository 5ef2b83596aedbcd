"""The migration of logins: one spelling each, collisions named, nobody lost."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

import ais_app.tables  # noqa: F401 - every table that a room declares
from ais_app.access import queries
from ais_app.access.logins import normalised_login
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.ledger import triggers

BEFORE = str(ScriptDirectory.from_config(migrations.configuration()).get_revision("0011").down_revision)
NFD = unicodedata.normalize("NFD", "ёж.йод")
NFC = unicodedata.normalize("NFC", NFD)
PLACE = sa.table(
    "account",
    *(sa.column(name) for name in ("uid", "login", "password_hash", "code_hash", "blocked_at")),
    sa.column("created_at", sa.DateTime()),
    sa.column("last_login_at", sa.DateTime()),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request, tmp_path):
    url = (
        f"sqlite:///{tmp_path / 'm.sqlite3'}"
        if request.param == "sqlite"
        else request.getfixturevalue("fresh_postgresql")
    )
    database = Database(url)
    migrations.upgrade(database, lambda _connection: None, BEFORE)
    yield database
    database.close()


def put(database: Database, *rows: tuple[str, int | None]) -> list[str]:
    """Accounts as an older version wrote them: (login, hour of the last sign-in). Returns their uids."""
    uids = [new_uid() for _row in rows]
    now = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)
    with database.connect() as connection, connection.begin():
        for uid, (login, hour) in zip(uids, rows, strict=True):
            last = now.replace(hour=hour) if hour is not None else None
            connection.execute(
                PLACE.insert().values(uid=uid, login=login, code_hash="0" * 64, created_at=now, last_login_at=last)
            )
    return uids


def logins(database: Database) -> dict[str, str]:
    return dict(
        database.read(lambda one: [tuple(row) for row in one.execute(sa.text("SELECT uid, login FROM account"))])
    )


def test_a_login_of_the_other_form_is_brought_to_the_one_spelling(older):
    (one, other, third) = put(older, (NFD, None), ("anna", None), ("ivаnov", None))
    migrations.upgrade(older, triggers.install)
    assert logins(older) == {one: NFC, other: "anna", third: "ivаnov"}, "two alphabets in a word go on working"
    for typed in (NFC, NFD, NFC.upper()):
        assert older.read(queries.credentials, typed).account_uid == one


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([(NFD, 9), (NFC, None)], 1),  # who has the spelling already can sign in today
        ([(NFD, None), (NFC.upper(), 9)], 1),  # else who signed in last
        ([(NFD, None), (NFC.upper(), None)], 0),  # else who was first
    ],
)
def test_of_two_spellings_one_keeps_it_and_the_other_is_named(older, rows, kept, caplog):
    uids = put(older, *rows, (f"{NFC}-2", None))
    migrations.upgrade(older, triggers.install)
    found = logins(older)
    assert found[uids[kept]] == NFC
    assert found[uids[1 - kept]] == f"{NFC}-3", "the next number is somebody's already"
    assert found[uids[2]] == f"{NFC}-2"
    (said,) = [record.getMessage() for record in caplog.records if record.name == "ais.migrations"]
    assert all(part in said for part in (uids[kept], uids[1 - kept], NFC, f"{NFC}-3"))


def test_what_is_in_order_stays(older):
    put(older, ("anna", None), ("борис", None), (NFC, None))
    before = logins(older)
    migrations.upgrade(older, triggers.install)
    assert logins(older) == before
    assert all(login == normalised_login(login) for login in before.values())


def test_sessions_of_before_have_no_device(older):
    put(older, ("anna", None))
    with older.connect() as connection, connection.begin():
        account = connection.execute(sa.text("SELECT id FROM account")).scalar_one()
        connection.execute(
            sa.text(
                "INSERT INTO login_session (uid, token_hash, account_id, hat, network, personal_device, idle_seconds, absolute_seconds, created_at, last_seen_at)"
                " VALUES ('s', 't', :account, 'h', 'n', :own, 1, 1, :now, :now)"
            ),
            {"account": account, "own": True, "now": "2026-11-01 00:00:00"},
        )
    migrations.upgrade(older, triggers.install)
    assert older.read(lambda one: one.execute(sa.text("SELECT device, browser FROM login_session")).one()) == ("", "")
