"""What this room declares."""

from ais_app.history.kinds import KINDS
from ais_app.i18n import p_
from ais_app.rights.rules import Right, Scope
from ais_app.room import LARGEST_FORM, Address, Room, Source
from ais_app.web.menu import Section

_FIND = "ais_app.history.search"
_PEOPLE, _CLASSES = p_("search", "People"), p_("search", "Classes")

ROOM = Room(
    kinds=KINDS,
    menu=(Section("/operations", p_("page", "Operations"), "list", Right.SEE_OPERATIONS),),
    addresses=(Address("/operations/export", Right.SEE_OPERATIONS, LARGEST_FORM, counted=True),),
    search=(
        Source("operations", p_("search", "Operations"), Right.SEE_OPERATIONS, f"{_FIND}:by_number"),
        Source(
            "people",
            _PEOPLE,
            Right.SEE_OPERATIONS,
            f"{_FIND}:students",
            Scope.SCHOOL,
            by_name=True,
        ),
        Source("classes", _CLASSES, Right.SEE_OPERATIONS, f"{_FIND}:classes", Scope.SCHOOL),
    ),
    commands={"history": "ais_app.history.commands:history"},
)
