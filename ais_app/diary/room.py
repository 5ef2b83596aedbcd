"""What this room declares."""

from ais_app.diary import models
from ais_app.diary.kinds import KINDS
from ais_app.diary.records import RECORDS
from ais_app.diary.settings import SETTINGS
from ais_app.i18n import _, p_
from ais_app.rights.rules import Right, Scope
from ais_app.room import Address, Room, Source, tables_of
from ais_app.web.menu import Section

_FIND = "ais_app.diary.search"
_PEOPLE, _CLASSES = p_("search", "People"), p_("search", "Classes")

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
    search=(
        Source("people", _PEOPLE, Right.SEE_DIARY, f"{_FIND}:students", by_name=True),
        Source(
            "people",
            _PEOPLE,
            Right.SEE_DIARY,
            f"{_FIND}:guardians",
            Scope.OWN_CLASS,
            by_name=True,
        ),
        Source("classes", _CLASSES, Right.SEE_DIARY, f"{_FIND}:own_class", Scope.OWN_CLASS),
        Source("subjects", p_("search", "Subjects"), Right.SEE_PROGRESS, f"{_FIND}:subjects"),
    ),
)
