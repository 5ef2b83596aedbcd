"""What a process counts while it works, for `/metrics`: in a registry of its own, with bounded labels and no names.

Counting costs about a microsecond. Each process counts for itself (decision 0030). What is only looked up, such as how
many sockets are open, is read when somebody asks (`metrics/`).
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector

REGISTRY = CollectorRegistry()
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

REQUESTS = Histogram(
    "ais_request_seconds",
    "Requests by address and class of status.",
    ("name", "outcome"),
    registry=REGISTRY,
    buckets=QUICK,
)
EVENTS = Histogram(
    "ais_event_seconds",
    "Events of pages by handler; done, refused or failed.",
    ("name", "outcome"),
    registry=REGISTRY,
    buckets=QUICK,
)
WRITER_HELD = Histogram(
    "ais_writer_held_seconds", "How long a transaction held the writer.", ("lane",), registry=REGISTRY, buckets=QUICK
)
UNITS = Counter("ais_units_of_work", "Units of work: committed or failed.", ("lane", "outcome"), registry=REGISTRY)
DELIVERIES = Counter("ais_live_deliveries", "Changes delivered to open tabs.", ("channel",), registry=REGISTRY)
DELIVERY_DELAY = Histogram(
    "ais_live_delay_seconds", "From the commit to its delivery.", registry=REGISTRY, buckets=QUICK
)
REFUSALS = Counter("ais_refusals", "Refused attempts by kind.", ("kind",), registry=REGISTRY)
SIGN_INS = Counter("ais_sign_ins", "Attempts to sign in: done, refused, busy.", ("outcome",), registry=REGISTRY)

Metric = TypeVar("Metric", Counter, Histogram)


@cache
def child(metric: Metric, *labels: str) -> Metric:
    """The metric with these labels, found by one look-up; `labels` come from lists that do not grow with use."""
    return metric.labels(*labels)
