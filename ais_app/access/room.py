"""What this room declares."""

from ais_app.access import models
from ais_app.access.addresses import NO_CONNECTION, NOT_FOUND
from ais_app.access.jobs import JOBS
from ais_app.access.kinds import KINDS
from ais_app.access.records import RECORDS
from ais_app.access.service import SessionsEnded
from ais_app.access.settings import SETTINGS
from ais_app.access.undoing import UNDOING
from ais_app.live.bus import SESSIONS, Change
from ais_app.room import LARGEST_FORM, OPEN, SIGNED_IN, Address, Room, tables_of

ROOM = Room(
    tables=tables_of(models),
    records=RECORDS,
    not_records={
        models.LoginSession: "ends by itself; what is done in it is in the ledger with its uid",
        models.Preference: "how somebody likes to see pages",
        models.LoginThrottle: "attempts of the last minutes",
        models.SecurityEvent: "refused attempts, counted by day; the digest of each day is in the ledger",
    },
    kinds=KINDS,
    undoing=UNDOING,
    jobs=JOBS,
    settings=SETTINGS,
    changes={SessionsEnded: lambda event: Change(SESSIONS, 0, {"uids": event.session_uids})},
    addresses=(
        Address("/login", OPEN, LARGEST_FORM),
        Address("/look", OPEN, LARGEST_FORM),
        Address("/healthz", OPEN),
        Address("/readyz", OPEN),
        Address(NO_CONNECTION, OPEN),
        Address(NOT_FOUND, SIGNED_IN),
        Address("/logout", SIGNED_IN, LARGEST_FORM, button=True),
        Address("/password", SIGNED_IN, LARGEST_FORM, button=True),
        Address("/hat", SIGNED_IN, LARGEST_FORM, button=True),
        Address("/sessions/end-others", SIGNED_IN, LARGEST_FORM, button=True),
    ),
)
