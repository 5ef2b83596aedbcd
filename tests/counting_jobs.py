"""A kind of job for tests: each part inserts one row of its own, so that an effect that came twice is seen."""

from __future__ import annotations

import time
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import FeedSequence, bump
from ais_app.jobs.declared import JobKind, JobRun
from ais_app.jobs.working import Run
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Right

_feed = table(FeedSequence)


class Counted(BaseModel):
    """How many parts, and what goes wrong: "" nothing, "refused", "error", "die", "wait"."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    parts: int = 3
    wrong: str = ""
    pause: float = 0.0


def work(run: Run) -> dict[str, Any]:
    asked: Counted = run.job.payload
    if asked.wrong == "refused":
        raise Refused("These files do not fit.")
    if asked.wrong == "error":
        raise LookupError("a fault of the work")
    if asked.wrong == "die":
        raise SystemExit(3)
    run.progress("count", 0, asked.parts)

    def parts():
        for number in range(asked.parts):
            if asked.pause:
                time.sleep(asked.pause)
            yield f"{run.job.uid}:{number}"

    run.write(parts(), asked.parts, "count")
    if asked.wrong == "wait":
        time.sleep(600)
    if asked.wrong in ("file", "foreign file"):
        path = (run.folder if asked.wrong == "file" else run.folder.parent) / "made.txt"
        path.write_text("made")
        run.keep(path, "made.txt")
    return {"parts": asked.parts, "asked_at": run.job.asked_at.isoformat()}


def write(uow: UnitOfWork, job: JobRun, parts: list[str]) -> None:
    """A row for each part: its number says how often it was written."""
    for part in parts:
        bump(uow, part)


COUNTING = JobKind(
    "counting",
    words=lambda asked: f"Counts to {asked.parts}",
    payload=Counted,
    right=Right.CHECK_INTEGRITY,
    work="tests.counting_jobs:work",
    write="tests.counting_jobs:write",
)
KINDS = {COUNTING.name: COUNTING}


def effects(database: Database, uid: str) -> dict[int, int]:
    """{number of a part: how often it had its effect}."""
    query = select(_feed.c.topic, _feed.c.sequence).where(_feed.c.topic.like(f"{uid}:%"))
    rows = database.read(lambda connection: connection.execute(query).all())
    return {int(topic.partition(":")[2]): count for topic, count in rows}
