"""What this room declares."""

from ais_app.diary import models
from ais_app.diary.kinds import KINDS
from ais_app.diary.records import RECORDS
from ais_app.diary.settings import SETTINGS
from ais_app.i18n import _
from ais_app.rights.rules import Right
from ais_app.room import Address, Room, tables_of
from ais_app.web.menu import Section

ROOM = Room(
    tables=tables_of(models),
    records=RECORDS,
    not_records={models.DiaryVisit: "what an account has looked at: no right depends on it"},
    kinds=KINDS,
    settings=SETTINGS,
    menu=(
        Section("/diary", _("Diary"), "diary", Right.SEE_DIARY),
        Section("/progress", _("Progress"), "progress", Right.SEE_PROGRESS),
    ),
    addresses=(
        Address("/diary/copy", Right.SEE_DIARY),
        Address("/diary/week", Right.SEE_DIARY, counted=True, view=True),
    ),
)
