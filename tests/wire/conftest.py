"""Two running installations over two schools each: one process over SQLite, and two over PostgreSQL and Redis.

Every test of the wire runs against both; a module or test that needs one of them alone says so, and why, with `only`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import cycle
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests import databases, servers
from tests.builders import PASSWORD, SmallSchool, small_school
from tests.conftest import MONDAY
from tests.wire.client import DIARY, Tab, cookie_of, sign_in


class World:
    """The servers, their database and the two schools (`here`, and `there` with logins «other-…»).

    Where there are two processes, pages come from the first and the tabs are opened on both in turn.
    """

    def __init__(
        self, processes: list[servers.Server], here: SmallSchool, there: SmallSchool, environment: dict[str, str]
    ) -> None:
        self.processes, self.here, self.there, self.environment = processes, here, there, environment
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

    def forget(self) -> None:
        """Everybody signs in anew: sessions were ended."""
        self._clients.clear()

    def fresh(self, login: str, **form: str):
        """A signed-in client of its own."""
        return sign_in(self.url, login, PASSWORD, **form)

    def tab(self, login: str, path: str = "/", **options) -> Tab:
        return self.tab_of(self.client(login), path, **options)

    def tab_of(self, client, path: str = "/", **options) -> Tab:
        """A tab of this client, closed after the test."""
        return self._opened(next(self._turns), client, path, **options)

    def tabs_of(self, client, path: str = "/") -> list[Tab]:
        """A tab of this client at each process, for what must hold at all of them; closed after the test."""
        return [self._opened(process.url, client, path) for process in self.processes]

    def _opened(self, url: str, client, path: str, **options) -> Tab:
        self._tabs.append(Tab(url, client, path, **options))
        return self._tabs[-1]

    def pages_are_served(self) -> None:
        """Whatever happened: somebody else's page opens at every process."""
        cookie = cookie_of(self.client("mother"))
        for process in self.processes:
            assert httpx.get(f"{process.url}/diary", headers={"cookie": cookie}, timeout=20).status_code == 200

    def diaries_are_served(self) -> None:
        """Whatever happened: somebody else's tab opens and is answered at every process."""
        for diary in self.tabs_of(self.client("mother"), "/diary"):
            diary.send(f"{DIARY}.open_page")
            assert diary.until(DIARY, "status", 30) == "ready"
            diary.close()

    def log(self) -> Callable[[], str]:
        """Begin to listen; the result gives what all processes have logged since."""
        begun = [(process.log, process.log.stat().st_size) for process in self.processes]
        return lambda: "".join(log.read_bytes()[start:].decode() for log, start in begun)

    def forgive(self) -> None:
        """Forget failed sign-ins: all clients of the tests share one network."""
        self.database.write(lambda uow: uow.execute(text("DELETE FROM login_throttle")))

    def version(self, login: str, course: str, day: date) -> int:
        """The version of a cell as it stands; 0 when nothing was ever written there."""
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
        return self.database.read(lambda one: one.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


ONE, TWO = "one process", "two processes"


def only(installation: str, *, because: str) -> pytest.MarkDecorator:
    """Mark what can be tested at one of the installations alone, with the reason."""
    assert because
    return pytest.mark.parametrize("world", [installation], indirect=True)


@pytest.fixture(scope="session", params=[ONE, TWO])
def world(tmp_path_factory, request) -> Iterator[World]:
    """An installation; pytest groups the tests by it, so that each is started once."""
    data = tmp_path_factory.mktemp("wire")
    with ExitStack() as stack:
        environment: dict[str, Any] = {}
        count, url = 1, f"sqlite:///{data / 'ais.sqlite3'}"
        if request.param == TWO:
            environment, count = {"AIS_REDIS_URL": stack.enter_context(servers.redis()).url}, 2
            url = databases.create(request.getfixturevalue("postgresql_url"))
        database = Database(url, SetClock(MONDAY))
        stack.callback(database.close)
        migrations.upgrade(database, triggers.install)
        here, there = small_school(database), small_school(database, prefix="other-")
        processes = [stack.enter_context(servers.running(data, url, **environment)) for _process in range(count)]
        yield World(processes, here, there, environment)


@pytest.fixture(autouse=True)
def _closed_tabs(world: World) -> Iterator[None]:
    yield
    world.close_tabs()
