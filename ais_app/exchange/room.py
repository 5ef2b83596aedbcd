"""What this room declares."""

from ais_app.exchange import models
from ais_app.exchange.files import LARGEST, PURPOSES
from ais_app.exchange.jobs import JOBS, PAGE
from ais_app.exchange.kinds import KINDS, SET_IMPORTED, SET_TAKEN_BACK
from ais_app.i18n import p_
from ais_app.ledger.kinds import Undo
from ais_app.rights.rules import Right
from ais_app.room import Address, Room, tables_of
from ais_app.web.menu import Section

TAKE_BACK = "ais_app.exchange.writing.applying:take_back"

ROOM = Room(
    tables=tables_of(models),
    not_records={
        models.ImportedId: "how other systems call rows, for a second import",
        models.ImportedChange: "what a run did to these, so that it can be undone",
        models.ImportRun: "how far the writing of a set is; what it wrote is in operations of its group",
    },
    kinds=KINDS,
    undoing={kind.name: Undo(Right.SET_UP_SCHOOL, TAKE_BACK) for kind in (SET_IMPORTED, SET_TAKEN_BACK)},
    commands={
        "import": "ais_app.exchange.commands:import_",
        "export": "ais_app.exchange.commands:export",
    },
    requests="ais_app.exchange.requests:REQUESTS",
    jobs=JOBS,
    menu=(Section(PAGE, p_("page", "Exchange"), "swap", Right.SET_UP_SCHOOL),),
    files=PURPOSES,
    addresses=(Address("/exchange/sets", Right.SET_UP_SCHOOL, LARGEST, streamed=True, counted=True),),
)
