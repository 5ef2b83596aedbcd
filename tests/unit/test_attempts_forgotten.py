"""The nightly job that forgets attempts at secrets: only those that count no more, each once, whatever kills it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from ais_app.access.forgetting import AT_ONCE
from ais_app.access.jobs import FORGETTING, OldAttempts
from ais_app.access.models import LoginThrottle
from ais_app.access.service.attempts import FORGOTTEN_AFTER
from ais_app.db.columns import table
from ais_app.jobs import asking
from ais_app.jobs.models import Job
from ais_app.jobs.rules import State
from ais_app.rights.rules import server
from tests.running_jobs import jobs_to_their_end

_throttle, _job = table(LoginThrottle), table(Job)
SECOND = timedelta(seconds=1)


def attempts(database, now: datetime) -> None:
    """250 counters of long ago, and three others."""
    old = now - FORGOTTEN_AFTER - SECOND
    rows = [{"key": f"login:{number}", "failures": 1, "since": old} for number in range(2 * AT_ONCE + 50)]
    kept = [
        {"key": "of today", "failures": 3, "since": now - FORGOTTEN_AFTER + 60 * SECOND, "locked_until": None},
        {"key": "still waits", "failures": 9, "since": old, "locked_until": now + 3600 * SECOND},
        {"key": "clock set back", "failures": 1, "since": now + 3600 * SECOND, "locked_until": None},
    ]
    database.write(lambda uow: uow.execute(insert(_throttle), rows))
    database.write(lambda uow: uow.execute(insert(_throttle), kept))


def test_attempts_that_count_no_more_are_forgotten(database, tmp_path):
    attempts(database, database.clock.now())
    uid = database.write(lambda uow: asking.ask(uow, FORGETTING, OldAttempts(), server().author).uid)
    jobs_to_their_end(database, tmp_path)
    job = database.read(lambda one: one.execute(select(_job).where(_job.c.uid == uid)).one())
    assert (job.state, job.written) == (State.DONE, 3)
    keys = select(_throttle.c.key).order_by(_throttle.c.id)
    assert database.read(lambda one: one.execute(keys).scalars().all()) == ["of today", "still waits", "clock set back"]


def test_where_nobody_tried_there_is_nothing_to_do(database, tmp_path):
    uid = database.write(lambda uow: asking.ask(uow, FORGETTING, OldAttempts(), server().author).uid)
    jobs_to_their_end(database, tmp_path)
    assert database.read(lambda one: one.execute(select(_job.c.state).where(_job.c.uid == uid)).scalar()) == State.DONE
