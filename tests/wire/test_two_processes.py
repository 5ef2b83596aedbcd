"""Two processes over PostgreSQL and Redis: what one commits, the tabs of the other show; a session ends in both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ais_app.db.columns import new_uid
from ais_app.ledger import verifying
from tests import servers
from tests.builders import PASSWORD
from tests.wire.client import DIARY, JOURNAL, SHELL, Tab, completed, sign_in
from tests.wire.conftest import TWO, only

DAY = date(2026, 11, 18)  # of last week; no other test of the wire writes there

pytestmark = only(TWO, because="what one process tells another")


def enter(world, tab: Tab, text: str) -> dict[str, Any]:
    """Anna's mark, over whatever stands there; returns the answer's patch."""
    anna, work = world.here.people["anna"].uid, world.here.work("algebra", DAY)
    cell = [anna, work, text, world.version("anna", "algebra", DAY)]
    tab.send(f"{JOURNAL}.enter", {"raw": {"ops": [[new_uid(), world.here.courses["algebra"], [cell]]]}})
    return completed(tab.until(JOURNAL, "answer")["patches"][0], [cell])


def marks_of(days: list[dict[str, Any]]) -> list[str]:
    return [
        mark["code"]
        for day in days
        if day["iso"] == DAY.isoformat()
        for lesson in day["lessons"]
        for mark in lesson["marks"]
    ]


def open_last_week(tab: Tab) -> None:
    tab.open(f"{DIARY}.open_page")
    tab.call(f"{DIARY}.turn", {"raw": {"by": -1}})


def test_a_mark_of_one_process_is_in_the_diary_of_the_other(world):
    one, two = world.tabs_of(world.client("teacher"))[0], world.tabs_of(world.client("mother"), "/diary")[1]
    open_last_week(two)
    for mark in ("5", "4"):
        assert enter(world, one, mark)["cells"][0][2] == mark
        assert marks_of(two.until(DIARY, "days")) == [mark]


def test_the_grid_of_the_other_process_gets_a_patch_with_the_author(world):
    course = world.here.courses["algebra"]
    deputy = world.tabs_of(world.client("deputy"), f"/journal/{course}")[1]
    deputy.open(f"{JOURNAL}.open_page")
    teacher = world.tabs_of(world.client("teacher"))[0]
    version = enter(world, teacher, "2")["cells"][0][3]
    patch = deputy.until(JOURNAL, "patch")
    assert (patch["by"], patch["cells"][0][2:4]) == ("Teacher A. I.", ["2", version])


def test_a_session_ends_in_every_process(world):
    one, two = (sign_in(process.url, "school_admin", PASSWORD) for process in world.processes)
    tab = world.tabs_of(two)[1]
    tab.open(f"{SHELL}.open_page")
    assert one.post("/sessions/end-others").status_code == 303
    tab.wait_for_end()
    assert two.get("/").headers["location"].startswith("/login")


def test_the_ledger_stays_whole(world):
    assert world.database.read(lambda one: list(verifying.verify(one))) == []


def test_one_launcher_with_two_workers_serves_the_same(world, tmp_path):
    url = world.server.database_url
    with servers.running(tmp_path, url, **world.environment, AIS_WORKERS="2") as both:
        mothers = [Tab(both.url, sign_in(both.url, "mother", PASSWORD), "/diary") for _tab in range(6)]
        for mother in mothers:
            open_last_week(mother)
        teacher = Tab(both.url, sign_in(both.url, "teacher", PASSWORD))
        assert enter(world, teacher, "3")["cells"][0][2] == "3"
        for mother in mothers:
            assert marks_of(mother.until(DIARY, "days")) == ["3"]
            mother.close()
        teacher.close()


def test_more_processes_without_redis_are_refused(tmp_path):
    with pytest.raises(RuntimeError, match="AIS_WORKERS"), servers.running(tmp_path, "", AIS_WORKERS="2"):
        pass
