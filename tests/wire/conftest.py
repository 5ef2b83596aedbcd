"""One running server over two schools for all wire tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests import servers
from tests.builders import PASSWORD, SmallSchool, small_school
from tests.conftest import MONDAY
from tests.wire.client import Tab, sign_in


class World:
    """The server, its database and the two schools (`here`, and `there` with logins «other-…»)."""

    def __init__(self, server: servers.Server, here: SmallSchool, there: SmallSchool) -> None:
        self.server, self.here, self.there = server, here, there
        self.url = server.url
        self.database = here.database
        self._clients = {}
        self._tabs = []

    def client(self, login: str):
        """A signed-in client; the same one for the same login."""
        if login not in self._clients:
            self._clients[login] = sign_in(self.url, login, PASSWORD)
        return self._clients[login]

    def fresh(self, login: str, **form: str):
        """A signed-in client of its own."""
        return sign_in(self.url, login, PASSWORD, **form)

    def tab(self, login: str, path: str = "/", **options) -> Tab:
        return self.tab_of(self.client(login), path, **options)

    def tab_of(self, client, path: str = "/", **options) -> Tab:
        """A tab of this client, closed after the test."""
        self._tabs.append(Tab(self.url, client, path, **options))
        return self._tabs[-1]

    def forgive(self) -> None:
        """Forget failed sign-ins: all clients of the tests share one network."""
        from sqlalchemy import text

        self.database.write(lambda uow: uow.execute(text("DELETE FROM login_throttle")))

    def version(self, login: str, course: str, day: date) -> int:
        """The version of a cell as it stands; 0 when nothing was ever written there."""
        from sqlalchemy import text

        query = text(
            "SELECT coalesce(max(cell.version), 0) FROM cell JOIN work ON work.id = cell.work_id "
            "WHERE work.uid = :work AND cell.student_id = :student"
        )
        values = {"work": self.here.work(course, day), "student": self.here.people[login].id}
        return self.database.read(lambda one: one.execute(query, values).scalar_one())

    def close_tabs(self) -> None:
        while self._tabs:
            self._tabs.pop().close()

    def count(self, table: str) -> int:
        """Rows of a table, read past the server."""
        from sqlalchemy import text

        return self.database.read(lambda one: one.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Iterator[World]:
    data = tmp_path_factory.mktemp("wire")
    url = f"sqlite:///{data / 'ais.sqlite3'}"
    database = Database(url, SetClock(MONDAY))
    migrations.upgrade(database, triggers.install)
    here, there = small_school(database), small_school(database, prefix="other-")
    with servers.running(data, url) as server:
        yield World(server, here, there)
    database.close()


@pytest.fixture(autouse=True)
def _closed_tabs(world: World) -> Iterator[None]:
    yield
    world.close_tabs()
