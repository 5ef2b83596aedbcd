"""PostgreSQL and Redis go away in the middle of a burst, politely and not: nothing is lost, nothing doubled, no restart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date

import pytest

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.ledger import triggers
from tests import servers
from tests.builders import PASSWORD, small_school
from tests.conftest import MONDAY
from tests.faults import checks
from tests.faults.burst import answered, check_everything_is_there_once, typing
from tests.faults.typist import Typist
from tests.wire.client import DIARY, JOURNAL, Tab, sign_in

TODAY = date(2026, 11, 23)
ROUNDS, STEP = 30, 100


class Region:
    """Two processes of АИС over one PostgreSQL and one Redis."""

    def __init__(self, folder, stack: ExitStack) -> None:
        self.postgresql = stack.enter_context(servers.postgresql())
        self.redis = stack.enter_context(servers.redis())
        self.database = Database(self.postgresql.url, SetClock(MONDAY))
        stack.callback(self.database.close)
        migrations.upgrade(self.database, triggers.install)
        self.school = small_school(self.database)
        self.one, self.two = (stack.enter_context(self.process(folder)) for _process in range(2))

    def process(self, folder):
        """One more process of the same installation."""
        return servers.running(folder, self.postgresql.url, AIS_REDIS_URL=self.redis.url)

    def typing(self, rounds: int):
        return typing(self.school, [lambda: self.one.url, lambda: self.two.url], rounds)


@pytest.fixture
def region(tmp_path) -> Iterator[Region]:
    with ExitStack() as stack:
        yield Region(tmp_path, stack)


def wait_for_more(typists: Sequence[Typist]) -> None:
    """Both processes answer again, each session of them."""
    before = [len(typist.acknowledged) for typist in typists]
    more = STEP // len(typists)

    def grown() -> bool:
        return all(
            len(typist.acknowledged) >= had + more or not typist.is_alive()
            for typist, had in zip(typists, before, strict=True)
        )

    servers.wait_for(grown, "the service does not heal", 60)


def check_both_live(region: Region, mother: Tab, teacher: Tab, text: str, version: int) -> str:
    """A mark of one process is in the open diary of the other; returns the uid of its operation."""
    school, uid = region.school, new_uid()
    cell = [school.people["anna"].uid, school.work("algebra", TODAY), text, version]
    teacher.send(f"{JOURNAL}.enter", {"raw": {"ops": [[uid, school.courses["algebra"], [cell]]]}})
    while not (answer := teacher.until(JOURNAL, "answer")):  # a tab whose state was lost is told its defaults first
        pass
    assert answer["patches"][0]["own"][0][0] == text

    def codes() -> list[str]:
        days = mother.until(DIARY, "days")
        return [mark["code"] for day in days for lesson in day["lessons"] for mark in lesson["marks"]]

    while codes() != [text]:
        pass
    return uid


def test_postgresql_that_goes_away_in_the_middle_loses_nothing(region: Region):
    with region.typing(ROUNDS) as typists:
        servers.wait_for(lambda: answered(typists) > STEP, "a burst in full swing")
        assert region.postgresql.end_backends() > 2
        wait_for_more(typists)
        region.postgresql.stop()
        servers.wait_for(lambda: any(typist.notices for typist in typists), "somebody is told")
        checks.check_pages_say_so(region.one)
        region.postgresql.start()
        wait_for_more(typists)
        assert sign_in(region.one.url, "mother", PASSWORD).get("/diary/").status_code == 200
        region.postgresql.stop(immediate=True)
        region.postgresql.start()
        for typist in typists:
            typist.finish()
        assert [server.process.poll() for server in (region.one, region.two)] == [None, None]
    check_everything_is_there_once(region.database, typists)


def test_redis_that_comes_back_empty_loses_nothing_and_pages_go_on(region: Region):
    teacher = Tab(region.one.url, sign_in(region.one.url, "teacher", PASSWORD))
    mother = Tab(region.two.url, sign_in(region.two.url, "mother", PASSWORD), "/diary")
    mother.open(f"{DIARY}.open_page")
    first = check_both_live(region, mother, teacher, "5", 0)
    with region.typing(ROUNDS) as typists:
        servers.wait_for(lambda: answered(typists) > STEP, "a burst in full swing")
        region.redis.kill()
        servers.wait_for(lambda: all(typist.notices for typist in typists), "each client is told")
        region.redis.start()
        wait_for_more(typists)
        second = check_both_live(region, mother, teacher, "4", 1)
        for typist in typists:
            typist.finish()
    check_everything_is_there_once(region.database, typists, [first, second])


def test_a_process_that_is_replaced_in_the_middle_loses_nothing(region: Region, tmp_path):
    """As an update does it behind a proxy: a third process joins, the second is asked to stop, its clients move over."""
    at = {"two": region.two.url}
    with typing(region.school, [lambda: region.one.url, lambda: at["two"]], ROUNDS) as typists:
        servers.wait_for(lambda: answered(typists) > STEP, "a burst in full swing")
        with region.process(tmp_path) as third:
            at["two"] = third.url
            region.two.process.terminate()
            wait_for_more(typists)
            for typist in typists:
                typist.finish()
            assert region.two.process.wait(timeout=20) == 0
    check_everything_is_there_once(region.database, typists)
