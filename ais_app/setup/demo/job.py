"""The large demonstration school as a job: its parts are made in the child, and written in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.jobs.declared import JobRun
from ais_app.jobs.working import Run
from ais_app.rights.errors import Refused
from ais_app.setup.demo import large, parts
from ais_app.setup.emptiness import DatabaseNotEmpty


def make(run: Run) -> dict[str, Any]:
    """Make the parts; they depend on the day of the payload alone, but for passwords and codes."""
    today = date.fromisoformat(run.job.payload.today)
    said = large.all_parts(run.database, today, lambda some, total: _hand(run, some, total))
    return {"said": said, "marks": large.count_of_marks(run.database)}


def _hand(run: Run, some: Iterable[parts.Part], total: int) -> None:
    run.write(some, total, "journals" if total else "founding", weight=parts.weight)


def write(uow: UnitOfWork, _job: JobRun, some: Sequence[parts.Part]) -> None:
    """Write parts. Raises Refused where there is a school already."""
    try:
        parts.write(uow, some)
    except DatabaseNotEmpty as error:
        raise Refused(_("There is a school in this database already.")) from error
