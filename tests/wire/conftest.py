"""A running installation over two schools for all wire tests: one process, or two with PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from itertools import cycle

import pytest

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests import databases, servers
from tests.builders import PASSWORD, SmallSchool, small_school
from tests.conftest import MONDAY
from tests.wire.client import Tab, sign_in


class World:
    """The servers, their database and the two schools (`here`, and `there` with logins «other-…»).

    Where there are two processes, pages come from the first and the tabs are opened on both in turn.
    """

    def __init__(self, processes: list[servers.Server], here: SmallSchool, there: SmallSchool) -> None:
        self.processes, self.here, self.there = processes, here, there
        self.server = processes[0]
        self.url = self.server.url
        self._turns = cycle(process.url for process in reversed(processes))
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
        self._tabs.append(Tab(next(self._turns), client, path, **options))
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


ONE, TWO = "one process", "two processes"
on_both_installations = pytest.mark.parametrize("world", [ONE, TWO], indirect=True)


@pytest.fixture(scope="session")
def world(tmp_path_factory, request) -> Iterator[World]:
    """One process over SQLite; modules marked `on_both_installations` meet two over PostgreSQL and Redis too."""
    data = tmp_path_factory.mktemp("wire")
    with ExitStack() as stack:
        environment, count = {}, 1
        url = f"sqlite:///{data / 'ais.sqlite3'}"
        if getattr(request, "param", ONE) == TWO:
            environment, count = {"AIS_REDIS_URL": stack.enter_context(servers.redis()).url}, 2
            url = databases.create(request.getfixturevalue("postgresql_url"))
        database = Database(url, SetClock(MONDAY))
        stack.callback(database.close)
        migrations.upgrade(database, triggers.install)
        here, there = small_school(database), small_school(database, prefix="other-")
        processes = [stack.enter_context(servers.running(data, url, **environment)) for _process in range(count)]
        yield World(processes, here, there)


@pytest.fixture(autouse=True)
def _closed_tabs(world: World) -> Iterator[None]:
    yield
    world.close_tabs()
