"""`/metrics` of a server of two processes: whichever is asked, it has the figures of both."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests import servers
from tests.wire.conftest import TWO, World, only

pytestmark = only(TWO, because="one process has no other")


def by_process(said: str, family: str) -> dict[str, float]:
    """{process: the sum of the samples of a family}."""
    found: dict[str, float] = {}
    for one in text_string_to_metric_families(said):
        if one.name == family:
            for sample in one.samples:
                process = sample.labels["process"]
                found[process] = found.get(process, 0) + sample.value
    return found


def test_whichever_is_asked_it_has_the_figures_of_both(world: World, tmp_path):
    address = world.database.url.render_as_string(hide_password=False)
    redis = world.environment["AIS_REDIS_URL"]
    with servers.running(tmp_path, address, AIS_WORKERS="2", AIS_REDIS_URL=redis) as server:
        wanted = {str(pid) for pid in server.workers}
        assert len(wanted) == 2

        def all_of_them() -> bool:
            answer = httpx.get(f"{server.url}/metrics")
            assert answer.status_code == 200
            return by_process(answer.text, "ais_tabs").keys() == wanted

        servers.wait_for(all_of_them, "the figures of both processes", 30)
        for _time in range(6):  # by whichever of them
            said = httpx.get(f"{server.url}/metrics").text
            assert by_process(said, "ais_states").keys() == wanted
            assert said.count("ais_alarm{") == len(
                {line for line in said.splitlines() if line.startswith("ais_alarm{")}
            )
