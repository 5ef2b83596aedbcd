"""`/metrics`: who is let in, and what several processes say together."""

from __future__ import annotations

import pytest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from ais_app.metrics.admission import admits
from ais_app.metrics.exposition import merged, of_others, text_of, write_own
from ais_app.settings import Settings

TOKEN = "a-token-of-the-monitoring"
OPEN, SHUT = Settings(metrics_token=SecretStr(TOKEN)), Settings()


def scope(peer: str = "127.0.0.1", host: str = "127.0.0.1:8000", **headers: str) -> dict:
    sent = {"host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
    return {"client": (peer, 1), "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]}


@pytest.mark.parametrize("here", [scope(), scope("::1", "[::1]:8000"), scope(host="localhost")])
def test_the_machine_itself_may_ask(here):
    assert admits(here, SHUT)


@pytest.mark.parametrize(
    "elsewhere",
    [
        scope("10.0.0.7"),
        scope("10.0.0.7", "127.0.0.1"),
        scope(host="school.example"),
        scope(x_forwarded_for="127.0.0.1"),
        scope(x_forwarded_proto="https"),
        scope(forwarded="for=127.0.0.1"),
        scope(via="1.1 proxy"),
        scope(x_real_ip="127.0.0.1"),
        scope("10.0.0.7", authorization=f"Bearer {TOKEN}"),  # no token is set
        {"client": None, "headers": [(b"host", b"localhost")]},
        {"client": ("127.0.0.1", 1), "headers": []},
    ],
)
def test_nobody_else_may(elsewhere):
    assert not admits(elsewhere, SHUT)


def test_whoever_has_the_token_may_from_anywhere():
    assert admits(scope("10.0.0.7", "school.example", authorization=f"Bearer {TOKEN}", via="1.1 p"), OPEN)
    for wrong in (
        "",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"bearer {TOKEN}",
        TOKEN,
        "Bearer тайна".encode().decode("latin-1"),
    ):
        assert not admits(scope("10.0.0.7", "school.example", authorization=wrong), OPEN)


def families(number: float) -> list:
    counted = CounterMetricFamily("ais_refusals", "Refused.", labels=["kind"])
    counted.add_metric(["event"], number)
    return [counted, GaugeMetricFamily("ais_sockets", "Sockets.", number)]


def test_several_processes_are_told_apart_and_each_family_comes_once():
    said = text_of(merged(families(1), {"7": text_of(families(2)).decode()}, "5")).decode()
    found = {
        (sample.name, sample.labels["process"]): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }
    assert found == {
        ("ais_refusals_total", "5"): 1,
        ("ais_refusals_total", "7"): 2,
        ("ais_sockets", "5"): 1,
        ("ais_sockets", "7"): 2,
    }
    assert said.count("# TYPE ais_refusals_total counter") == 1


def test_figures_of_processes_that_ended_are_forgotten(tmp_path):
    write_own(tmp_path, b"own")
    (tmp_path / "1.prom").write_text("of the first process of the system, which always runs")
    (tmp_path / "999999999.prom").write_text("of one that ended")
    assert list(of_others(tmp_path)) == ["1"]
    assert sorted(path.name for path in tmp_path.glob("*.prom"))[0] == "1.prom"
    assert not (tmp_path / "999999999.prom").exists()
