"""What the work of a job is given in its child process: what was asked, and how it hands back what it makes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, Any, TypeVar

from ais_app.db import Database
from ais_app.db.bulk import LONGEST
from ais_app.jobs.declared import JobRun
from ais_app.jobs.rules import LEAST_WEIGHT, next_weight

SPOKEN = 0.2  # seconds between two lines about the progress
Part = TypeVar("Part")
WISHED = LONGEST * 0.6  # seconds of a piece: one in a while takes longer than the one before
LONGEST_LINE = 4 * 1024 * 1024  # characters of one line


class Run:
    """A run of a job, as its work sees it.

    `job`: what was asked, by whom and when; `job.written` parts are in the database already. `database` is for reading;
    nothing in this process writes into it. `folder`: for files that the work makes, gone with the run.
    """

    def __init__(self, job: JobRun, database: Database, folder: Path, say: IO[str], answers: Callable[[], str]) -> None:
        self.job, self.database, self.folder = job, database, folder
        self.written = job.written
        self._say, self._answers = say, answers
        self._weight, self._spoken = LEAST_WEIGHT, 0.0

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far the work is: the code of its step, and `done` of `total` (0 = not known). It costs little."""
        now = monotonic()
        if now - self._spoken >= SPOKEN or done == total:
            self._spoken = now
            self._line({"progress": [step, done, total]})

    def write(
        self, parts: Iterable[Part], total: int = 0, step: str = "", *, weight: Callable[[Part], int] = lambda _part: 1
    ) -> None:
        """Let the server write these parts, values for JSON, in order; those that are written already are passed over.

        Several calls go on from one another: together they give all parts of the job. Returns when all of them are
        committed. `total`: of the parts of the job, for the progress. `weight`: of a part among others, where some take
        much longer: as many go at once as their weights allow, at least one.
        """
        left = iter(parts)
        skipped = sum(1 for _part in islice(left, max(0, self.written - self._given)))
        self._given += skipped
        if step:
            self.progress(step, self.written, total)
        weighed = _Weighed(left, weight)
        while some := weighed.take(self._weight):
            self._line({"parts": some, "first": self._given})
            seconds = json.loads(self._answers())["seconds"]
            self._given += len(some)
            self.written = self._given
            self._weight = next_weight(weighed.taken, seconds, WISHED)
            if total:
                self.progress(step, self.written, total)

    _given = 0  # parts that went through `write`, with those that were passed over

    def keep(self, path: Path, name: str) -> str:
        """Keep a file of `folder` under this name with the job; returns its uid once it is in the store.

        It stays when the run is cut off. One file, of the last call: the one before goes.
        """
        self._line({"keep": [str(path), name]})
        return json.loads(self._answers())["kept"]

    def end(self, result: Mapping[str, Any] | None) -> None:
        """Say the result; only the child does so, with what the work returned."""
        self._line({"result": dict(result or {})})

    def _line(self, said: Mapping[str, Any]) -> None:
        line = json.dumps(said, ensure_ascii=False)
        if len(line) >= LONGEST_LINE:
            msg = "a line of a job is too long: make its parts smaller"
            raise ValueError(msg)
        self._say.write(line + "\n")
        self._say.flush()


class _Weighed:
    """Takes parts from an iterator by their weight; `taken`: what those of the last time weighed together."""

    def __init__(self, left: Iterator[Any], weight: Callable[[Any], int]) -> None:
        self._left, self._weight = left, weight
        self._next: list[Any] = []
        self.taken = 0

    def take(self, most: int) -> list[Any]:
        """The next parts that weigh at most so much together; one at least, none at the end."""
        some, weighs = self._next, sum(map(self._weight, self._next))
        self._next = []
        for part in self._left:
            more = self._weight(part)
            if some and weighs + more > most:
                self._next = [part]
                break
            some.append(part)
            weighs += more
        self.taken = weighs
        return some
