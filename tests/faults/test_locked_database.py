"""Another program holds the lock that writing needs, longer than anybody waits: refused with an id, then all of it written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from ais_app.db import Database
from tests import servers
from tests.faults import checks
from tests.faults.burst import EDITS, answered, check_everything_is_there_once, let_go, typing


@contextmanager
def write_lock(database: Database) -> Iterator[None]:
    """SQLite: the lock of the whole database. PostgreSQL: the rows that every change of a school begins with."""
    with database.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SELECT chain_id FROM ledger_chain ORDER BY chain_id FOR UPDATE"))
        yield


def test_a_database_that_is_locked_for_long_loses_nothing_and_heals(school, tmp_path):
    database = school.database
    url = database.url.render_as_string(hide_password=False)
    with servers.running(tmp_path, url) as server, typing(school, [lambda: server.url], held=True) as typists:
        mother = checks.session_not_seen_lately(database, server, "mother")
        servers.wait_for(lambda: answered(typists) > EDITS // 10, "a burst in full swing")
        with write_lock(database):
            let_go(typists)
            servers.wait_for(lambda: any(typist.notices for typist in typists), "somebody is told")
            checks.check_reading_goes_on(server, mother)
            checks.check_nothing_is_half_written(database, typists)
            checks.check_each_refusal_has_an_id(server, typists)
        for typist in typists:
            typist.finish()
    check_everything_is_there_once(database, typists)
