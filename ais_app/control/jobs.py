"""The job of this room: verifying the record, asked for on «Проверка» and each night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from ais_app.access.payload import Payload
from ais_app.i18n import _, ngettext, number
from ais_app.jobs.declared import JobKind
from ais_app.jobs.rules import Schedule
from ais_app.rights.rules import Right

NIGHT = time(3, 12)


class VerificationAsked(Payload):
    """A job of a school verifies its chain and rows, one of the installation all of them. `since`: only what was done
    from this moment on; what an earlier check of everything found whole need not be looked at again.
    """

    since: datetime | None = None


def _said(result: Mapping[str, Any]) -> str:
    faults = int(result.get("faults", 0))
    operations = number(int(result.get("operations", 0)))
    if faults:
        return ngettext("{count} difference", "{count} differences", faults)
    return _("Whole; operations: {count}").format(count=operations)


def _step(step: str) -> str:
    words = {
        "guards": _("What guards the record"),
        "witness": _("The witness"),
        "refusals": _("Refused attempts"),
        "records": _("The record"),
        "chains": _("The chain"),
    }
    return words.get(step, "")


VERIFICATION = JobKind(
    "verification",
    words=lambda _asked: _("Check of the record"),
    payload=VerificationAsked,
    right=Right.CHECK_INTEGRITY,
    work="ais_app.control.verifying:verify",
    found=lambda result: bool(result.get("faults")),
    said=_said,
    steps=_step,
    shown_at="/integrity",
    schedule=Schedule(at=NIGHT),
)

JOBS = (VERIFICATION,)
