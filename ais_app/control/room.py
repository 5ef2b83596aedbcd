"""What this room declares."""

from ais_app.control.jobs import JOBS
from ais_app.i18n import _
from ais_app.rights.rules import Right
from ais_app.room import Room
from ais_app.web.menu import Section

ROOM = Room(
    menu=(Section("/integrity", _("Integrity"), "shield", Right.CHECK_INTEGRITY),),
    commands={"verify": "ais_app.control.commands:verify", "ledger": "ais_app.control.commands:ledger"},
    requests="ais_app.control.requests:REQUESTS",
    jobs=JOBS,
)
