"""What is measured of a request: what was asked for, how it was answered, how long that took."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from ais_app.instruments import REQUESTS, child

SEEN = "ais.seen"  # in the scope of a request


@dataclass(slots=True)
class SeenRequest:
    """`uid`: its own id, whatever the client says. `name`: a declared address, "page", "file" or "none"."""

    uid: str
    name: str = "none"
    status: int = 0

    @contextmanager
    def measured(self) -> Generator[None]:
        begun = perf_counter()
        try:
            yield
        finally:
            outcome = f"{self.status // 100}xx" if self.status else "unanswered"
            child(REQUESTS, self.name, outcome).observe(perf_counter() - begun)
