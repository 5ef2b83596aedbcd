"""What persons do with jobs, in the ledger. What a job itself changes is in operations of its own."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

JOB_ASKED = Kind("job_asked", lambda: _("A job was asked for"), without=lambda: _("A job is stopped on its page."))
JOB_STOPPED = Kind("job_stopped", lambda: _("A job was stopped"), without=lambda: _("A job is repeated on its page."))
JOB_REPEATED = Kind("job_repeated", lambda: _("A job was repeated"), without=lambda: _("A job is stopped on its page."))

KINDS = (JOB_ASKED, JOB_STOPPED, JOB_REPEATED)
