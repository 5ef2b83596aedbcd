"""The pieces of a set written at a pace at which their writer can be killed at a chosen moment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ais_app.db import UnitOfWork
from ais_app.exchange import taking_back, working
from ais_app.jobs.declared import JobRun

PAUSE = 0.01  # seconds


def write_steps(uow: UnitOfWork, job: JobRun, parts: Sequence[Any]) -> None:
    time.sleep(PAUSE)
    working.write_steps(uow, job, parts)


def write_back(uow: UnitOfWork, job: JobRun, parts: Sequence[Any]) -> None:
    time.sleep(PAUSE)
    taking_back.write_back(uow, job, parts)
