"""What the work of a job is given in its child process: what was asked, and how it hands back what it makes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, Any

from ais_app.db import Database
from ais_app.db.bulk import LEAST, LONGEST, next_size
from ais_app.jobs.declared import JobRun

SPOKEN = 0.2  # seconds between two lines about the progress
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
        self._size, self._spoken = LEAST, 0.0

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far the work is: the code of its step, and `done` of `total` (0 = not known). It costs little."""
        now = monotonic()
        if now - self._spoken >= SPOKEN or done == total:
            self._spoken = now
            self._line({"progress": [step, done, total]})

    def write(self, parts: Iterable[Any], total: int = 0, step: str = "") -> None:
        """Let the server write these parts, values for JSON, in order; those that are written already are passed over.

        Several calls go on from one another: together they give all parts of the job. Returns when all of them are
        committed. `total`: of the parts of the job, for the progress.
        """
        left = iter(parts)
        skipped = sum(1 for _part in islice(left, max(0, self.written - self._given)))
        self._given += skipped
        while some := list(islice(left, self._size)):
            self._line({"parts": some, "first": self._given})
            seconds = json.loads(self._answers())["seconds"]
            self._given += len(some)
            self.written = self._given
            self._size = next_size(self._size, seconds) if seconds < LONGEST else max(1, self._size // 2)
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
