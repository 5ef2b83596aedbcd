"""What this room declares."""

from ais_app.i18n import _
from ais_app.rights.rules import Right
from ais_app.room import Room, tables_of
from ais_app.school import models
from ais_app.school.kinds import KINDS
from ais_app.school.records import RECORDS
from ais_app.school.undoing import UNDOING
from ais_app.web.menu import Section

ROOM = Room(
    tables=tables_of(models),
    records=RECORDS,
    kinds=KINDS,
    undoing=UNDOING,
    menu=(Section("/", _("Today"), "today", Right.SEE_HOME),),
)
