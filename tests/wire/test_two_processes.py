"""Two processes over PostgreSQL and Redis: what one commits, the tabs of the other show; a session ends in both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.ledger import triggers, verifying
from tests import servers
from tests.builders import PASSWORD, SmallSchool, small_school
from tests.conftest import MONDAY
from tests.wire.client import DIARY, JOURNAL, Tab, completed, sign_in

TODAY = date(2026, 11, 23)


class Region:
    def __init__(self, one: servers.Server, two: servers.Server, school: SmallSchool) -> None:
        self.one, self.two, self.school = one, two, school


@pytest.fixture(scope="module")
def region(tmp_path_factory, postgresql_url) -> Iterator[Region]:
    database = Database(postgresql_url, SetClock(MONDAY))
    migrations.upgrade(database, triggers.install)
    school = small_school(database)
    data = tmp_path_factory.mktemp("region")
    with (
        servers.redis() as redis,
        servers.running(data, postgresql_url, AIS_REDIS_URL=redis.url) as one,
        servers.running(data, postgresql_url, AIS_REDIS_URL=redis.url) as two,
    ):
        yield Region(one, two, school)
    database.close()


def enter(region: Region, tab: Tab, text: str, version: int) -> dict:
    school = region.school
    cell = [school.people["anna"].uid, school.work("algebra", TODAY), text, version]
    tab.send(f"{JOURNAL}.enter", {"raw": {"ops": [[new_uid(), school.courses["algebra"], [cell]]]}})
    return completed(tab.until(JOURNAL, "answer")["patches"][0], [cell])


def test_a_mark_of_one_process_is_in_the_diary_of_the_other(region):
    teacher = Tab(region.one.url, sign_in(region.one.url, "teacher", PASSWORD))
    mother = Tab(region.two.url, sign_in(region.two.url, "mother", PASSWORD), "/diary")
    mother.open(f"{DIARY}.enter")
    assert enter(region, teacher, "5", 0)["cells"][0][2] == "5"
    shown = mother.until(DIARY, "days", 5)
    codes = [mark["code"] for day in shown for lesson in day["lessons"] for mark in lesson["marks"]]
    assert codes == ["5"]
    teacher.close()
    mother.close()


def test_the_grid_of_the_other_process_gets_a_patch_with_the_author(region):
    course = region.school.courses["algebra"]
    deputy = Tab(region.two.url, sign_in(region.two.url, "deputy", PASSWORD), f"/journal/{course}")
    deputy.open(f"{JOURNAL}.enter_course")
    teacher = Tab(region.one.url, sign_in(region.one.url, "teacher", PASSWORD))
    assert enter(region, teacher, "4", 1)["cells"][0][3] == 2
    patch = deputy.until(JOURNAL, "patch", 5)
    assert (patch["by"], patch["cells"][0][2]) == ("Teacher A. I.", "4")
    teacher.close()
    deputy.close()


def test_a_session_ends_in_every_process(region):
    client = sign_in(region.one.url, "stranger", PASSWORD)
    other = sign_in(region.two.url, "stranger", PASSWORD)
    tab = Tab(region.two.url, other, "/diary")
    tab.open(f"{DIARY}.enter")
    assert client.post("/sessions/end-others").status_code == 303
    tab.wait_for_end()
    assert other.get("/diary").status_code == 303


def test_the_ledger_stays_whole(region):
    assert region.school.database.read(lambda one: list(verifying.verify(one))) == []


def test_one_launcher_with_two_workers_serves_the_same(region, tmp_path, postgresql_url):
    with (
        servers.redis() as redis,
        servers.running(tmp_path, postgresql_url, AIS_REDIS_URL=redis.url, AIS_WORKERS="2") as both,
    ):
        mothers = [Tab(both.url, sign_in(both.url, "mother", PASSWORD), "/diary") for _tab in range(6)]
        for mother in mothers:
            mother.open(f"{DIARY}.enter")
        teacher = Tab(both.url, sign_in(both.url, "teacher", PASSWORD))
        assert enter(region, teacher, "3", 2)["cells"][0][2] == "3"
        for mother in mothers:
            shown = mother.until(DIARY, "days", 5)
            assert [mark["code"] for day in shown for one in day["lessons"] for mark in one["marks"]] == ["3"]
            mother.close()
        teacher.close()


def test_more_processes_without_redis_are_refused(tmp_path):
    with pytest.raises(RuntimeError, match="AIS_WORKERS"), servers.running(tmp_path, "", AIS_WORKERS="2"):
        pass
