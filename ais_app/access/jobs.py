"""The job of this room: attempts at secrets that count no more are forgotten each night."""

from __future__ import annotations

from datetime import time

from ais_app.access.payload import Payload
from ais_app.i18n import _
from ais_app.jobs.declared import JobKind
from ais_app.jobs.rules import Schedule
from ais_app.rights.rules import Right

NIGHT = time(3, 42)


class OldAttempts(Payload):
    """Nothing more: all that are over when the job is asked for."""


FORGETTING = JobKind(
    "attempts_forgotten",
    words=lambda _asked: _("Old attempts to sign in are forgotten"),
    payload=OldAttempts,
    right=Right.KEEP_LEDGER,
    work="ais_app.access.forgetting:work",
    write="ais_app.access.forgetting:forget",
    schedule=Schedule(at=NIGHT),
)

JOBS = (FORGETTING,)
