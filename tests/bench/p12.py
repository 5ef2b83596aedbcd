"""P-12 memory of the server with nobody there. Open journals are measured by `p03.py`, bytes of an edit by `p02.py`."""

from __future__ import annotations

import httpx

from tests.bench import schools
from tests.bench.figures import Figure
from tests.bench.processes import memory


def run() -> list[Figure]:
    with schools.copied(schools.large()) as copy, copy.served() as server:
        httpx.get(f"{server.url}/login", timeout=10).raise_for_status()
        found = memory(server.process.pid)
    return [
        Figure(
            "P-12",
            "memory of the idle server (PSS of both processes)",
            found,
            unit="MB",
            limit="≤ 200 MB",
            met=found <= 200,
        )
    ]
