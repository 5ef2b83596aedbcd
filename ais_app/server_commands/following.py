"""A command that asked the server for a job follows it to its end, by reading."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from ais_app.db import Database
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.jobs.models import Job
from ais_app.jobs.rules import State
from ais_app.rights.errors import Refused

LOOK_SECONDS = 0.5
_job = table(Job)


def follow(database: Database, uid: str, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
    """The result of a job, once it is done. Whoever stops following does not stop it.

    `tell(code of the step, done, total)` is called when that has changed. Raises Refused where it failed or was
    stopped.
    """
    said = None
    while True:
        row = database.read(lambda one: one.execute(select(_job).where(_job.c.uid == uid)).one())
        if row.state == State.DONE:
            return json.loads(row.result)
        if row.state == State.FAILED:
            code = _("The job failed; the log has the details under the code {code}.").format(code=row.error_id)
            raise Refused(row.refused or code)
        if row.state == State.STOPPED:
            raise Refused(_("The job was stopped."))
        if said != (row.step, row.done, row.total):
            said = (row.step, row.done, row.total)
            tell(*said)
        time.sleep(LOOK_SECONDS)
