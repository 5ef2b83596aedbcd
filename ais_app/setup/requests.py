"""What `ais demo --size large` asks the running server for."""

from __future__ import annotations

from typing import Any

from ais_app.access.payload import Payload
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.jobs.asking import ask_as
from ais_app.rights.errors import Refused
from ais_app.rights.rules import operator
from ais_app.server_commands.declared import Writing
from ais_app.setup.demo.founding import ZONE
from ais_app.setup.emptiness import has_school
from ais_app.setup.jobs import LARGE_DEMONSTRATION, LargeDemonstration


class Nothing(Payload):
    """Nothing is asked besides."""


def _ask(uow: UnitOfWork, _asked: Nothing) -> dict[str, Any]:
    if has_school(uow.connection):
        raise Refused(_("There is a school in this database already."))
    payload = LargeDemonstration(today=local_date(uow.now, ZONE).isoformat())
    return {"job": ask_as(uow, operator(), LARGE_DEMONSTRATION, payload, key="large").uid}


LARGE = Writing("demo.large", Nothing, _ask)

REQUESTS = (LARGE,)
