"""What this room declares."""

from ais_app.i18n import p_
from ais_app.rights.rules import Right
from ais_app.room import Room
from ais_app.web.menu import Section

ROOM = Room(
    menu=(Section("/jobs", p_("page", "Jobs"), "clock", Right.SEE_JOBS),),
    commands={"worker": "ais_app.job_list.commands:worker"},
)
