"""The text of `/metrics`: what this process counted, what it has now, what the watch saw of the installation.

Of several processes each keeps its own figures in a file of the data folder, a few seconds old at most; whoever is
asked adds those of the others, each under its `process` (decision 0030).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from ais_app import private_files
from ais_app.instruments import REGISTRY
from ais_app.metrics.rules import Name
from ais_app.metrics.watching import Watch
from ais_app.services import Services

CONTENT_TYPE = CONTENT_TYPE_LATEST
disable_created_metrics()


class _Families:
    """What the library writes out."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def text_of(families: Iterable[Metric]) -> bytes:
    return generate_latest(_Families(families))  # pyright: ignore[reportArgumentType] - it asks for `collect` alone


def own_families(services: Services) -> list[Metric]:
    """What this process counted and has now."""
    waiting = services.database.waiting()
    tabs = services.hub.tabs()
    connected = sum(services.push.is_connected(tab) for tokens in tabs.values() for tab in tokens)
    queue = GaugeMetricFamily("ais_writer_queue", "Units of work and runs of the bulk lane that wait.", labels=["lane"])
    queue.add_metric(["interactive"], waiting[0])
    queue.add_metric(["bulk"], waiting[1])
    return [
        *REGISTRY.collect(),
        queue,
        GaugeMetricFamily("ais_sockets", "Tabs that are connected.", connected),
        GaugeMetricFamily("ais_tabs", "Tabs that are known, closed ones for some minutes too.", services.hub.bound),
        GaugeMetricFamily("ais_watching_tabs", "Tabs that hear of changes.", services.hub.watched),
        GaugeMetricFamily("ais_states", "States of tabs in memory.", len(services.push.kept_states())),
    ]


def installation_families(watch: Watch, now: datetime) -> list[Metric]:
    """What the watch saw last."""
    alarm = GaugeMetricFamily("ais_alarm", "Alarms: 0 none, 1 look, 2 act.", labels=["name"])
    levels = {one.name: int(one.level) for one in watch.alarms}
    for name in Name:
        alarm.add_metric([name.value], levels.get(name, 0))
    lag = watch.witness_lag().total_seconds()
    families: list[Metric] = [
        alarm,
        GaugeMetricFamily("ais_witness_lag_seconds", "How long the oldest operation without a line waits.", lag),
    ]
    if watch.disk is not None:
        families.append(GaugeMetricFamily("ais_data_bytes", "Size of the data folder.", watch.disk.data))
        families.append(
            GaugeMetricFamily("ais_free_disk_bytes", "Free on the disk of the data folder.", watch.disk.free)
        )
    return [*families, *(_stored_families(watch, now) if watch.stored is not None else ())]


def _stored_families(watch: Watch, now: datetime) -> Iterator[Metric]:
    seen = watch.stored
    if seen is None:
        return
    jobs = GaugeMetricFamily("ais_jobs", "Jobs by kind and state.", labels=["kind", "state"])
    for labels, number in sorted(seen.jobs.items()):
        jobs.add_metric(labels, number)
    yield jobs
    chains = GaugeMetricFamily("ais_ledger_sequence", "Operations of each chain of the ledger.", labels=["chain"])
    for chain, number in sorted(seen.chains.items()):
        chains.add_metric([chain], number)
    yield chains
    yield GaugeMetricFamily("ais_database_bytes", "Size of the database.", seen.database_bytes)
    waits = now - seen.waiting_since if seen.waiting_since is not None else timedelta()
    yield GaugeMetricFamily(
        "ais_oldest_job_seconds", "How long the oldest job waits that is due.", waits.total_seconds()
    )
    if seen.verified_at is not None:
        age = (now - seen.verified_at).total_seconds()
        yield GaugeMetricFamily("ais_verification_age_seconds", "Since the last check of the whole record.", age)


def merged(own: Iterable[Metric], others: Mapping[str, str], process: str) -> list[Metric]:
    """The families of several processes, each sample under the label `process`; `others` = {process: its text}."""
    found: dict[str, Metric] = {}
    sources = [(process, own), *((name, text_string_to_metric_families(said)) for name, said in others.items())]
    for name, families in sources:
        for family in families:
            kept = found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            kept.samples += [one._replace(labels={**one.labels, "process": name}) for one in family.samples]
    return list(found.values())


def write_own(folder: Path, said: bytes) -> None:
    """Put the figures of this process where the others find them, whole. Raises OSError."""
    private_files.make_folder(folder)
    path = folder / f"{os.getpid()}.prom"
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    private_files.write_new(aside, said)
    aside.replace(path)


def of_others(folder: Path) -> dict[str, str]:
    """{process: its text} of the other processes that run; files of those that ended are removed. Raises OSError."""
    found: dict[str, str] = {}
    for path in folder.glob("*.prom"):
        if path.stem == str(os.getpid()) or not path.stem.isdecimal():
            continue
        if Path(f"/proc/{path.stem}").exists():
            found[path.stem] = path.read_text(encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    return found
