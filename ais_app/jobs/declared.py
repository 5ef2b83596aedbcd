"""Kinds of jobs as data, declared in `Room.jobs`; what is not declared can be neither asked for nor run.

    REPORT = JobKind(
        "report",
        words=lambda asked: _("Report of {day}").format(day=asked.day),
        payload=ReportAsked,
        right=Right.SEE_KEEPING,
        work="ais_app.reports.work:compute",
        write="ais_app.reports.service:write_rows",
    )

`work(run)` computes in a child process (`jobs/working.py: Run`), with nothing of the server in it: its module is
imported there alone. `write(uow, job, parts)` writes the next parts that the work gave, in the writer of the server, in
one transaction with the count of what is written: so each part has its effect once, however often the work begins
anew. The work must give the same parts in the same order each time, of the payload, of `run.job.asked_at` and of a
seed in the payload: never of the clock. A part takes a millisecond at most: the lane joins them to pieces of 25.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from ais_app.jobs.rules import Schedule
from ais_app.rights.rules import Author, Right

LEASE_SECONDS, ATTEMPTS = 15.0, 5


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of jobs. `name` stands in the table and never changes; `words(payload)` is its text for people.

    `payload`: a strict pydantic model. `right`: who asks for, sees and stops it. `work` and `write`:
    `module:function`, `write` = "" where nothing but the result is written. `most_attempts` without a part written in
    between; then it has failed. `found(result)`: whether it found what somebody has to look at; `said(result)`: the
    result in words; `steps`: the words of the code of a step; `shown_at`: the address of the page that shows what came
    of it. `keeps`: the purpose (`files/purposes.py`) of the file that it keeps, "" = none. `schedule`: asked for by the
    server itself, for the installation, with a payload of defaults.
    """

    name: str
    words: Callable[[Any], str]
    payload: type[BaseModel]
    right: Right
    work: str
    write: str = ""
    lease_seconds: float = LEASE_SECONDS
    most_attempts: int = ATTEMPTS
    found: Callable[[Mapping[str, Any]], bool] = lambda _result: False
    said: Callable[[Mapping[str, Any]], str] = lambda _result: ""
    steps: Callable[[str], str] = lambda _step: ""
    shown_at: str = ""
    keeps: str = ""
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class JobRun:
    """A job as the one who runs it knows it; `owner` is its own for this run. `written`: parts, when it was taken."""

    id: int
    uid: str
    kind: str
    school: str
    payload: Any
    author: Author
    asked_at: datetime
    owner: str
    attempts: int
    written: int


def by_name(*rooms: Sequence[JobKind]) -> Mapping[str, JobKind]:
    """{name: kind} of all rooms. Raises ValueError for a name that is declared twice."""
    kinds = [kind for room in rooms for kind in room]
    named = {kind.name: kind for kind in kinds}
    if len(named) != len(kinds):
        msg = "a kind of jobs is declared twice"
        raise ValueError(msg)
    return named
