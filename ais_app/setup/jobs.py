"""The job of this room: writing the large demonstration school."""

from __future__ import annotations

from ais_app.access.payload import IsoDay, Payload
from ais_app.i18n import _, number
from ais_app.jobs.declared import JobKind
from ais_app.rights.rules import Right


class LargeDemonstration(Payload):
    """`today`: the day from which the school is seen."""

    today: IsoDay


LARGE_DEMONSTRATION = JobKind(
    "large_demonstration",
    words=lambda _asked: _("The large demonstration school"),
    payload=LargeDemonstration,
    right=Right.KEEP_LEDGER,
    work="ais_app.setup.demo.job:make",
    write="ais_app.setup.demo.job:write",
    steps=lambda step: _("School, classes and timetable") if step == "founding" else _("Journals of the year"),
    said=lambda result: _("Marks: {count}").format(count=number(int(result.get("marks", 0)))),
)

JOBS = (LARGE_DEMONSTRATION,)
