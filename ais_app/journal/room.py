"""What this room declares."""

from ais_app.i18n import _, p_
from ais_app.journal.attendance import models as attendance
from ais_app.journal.events import CourseChanged, DiaryChanged, OpeningsChanged
from ais_app.journal.grid import models as grid
from ais_app.journal.grid.records import RECORDS as CELLS
from ais_app.journal.kinds import KINDS
from ais_app.journal.lessons import models as lessons
from ais_app.journal.lessons.records import RECORDS as LESSONS
from ais_app.journal.remarks import models as remarks
from ais_app.journal.remarks.records import RECORDS as REMARKS
from ais_app.journal.settings import SETTINGS
from ais_app.journal.undoing import UNDOING
from ais_app.journal.windows import models as windows
from ais_app.journal.windows.records import RECORDS as WINDOWS
from ais_app.live.bus import Change
from ais_app.rights.rules import Right, Scope
from ais_app.room import LARGEST_FORM, Address, Room, Source, tables_of
from ais_app.web.menu import Section


def _course(event: CourseChanged) -> Change:
    details = {"op": event.operation, "person": event.person, "cells": event.cells, "reload": event.reload}
    return Change(f"course:{event.course}", event.sequence, details, event.made)


_FIND = "ais_app.journal.search"
_PEOPLE, _CLASSES = p_("search", "People"), p_("search", "Classes")

ROOM = Room(
    tables=tables_of(attendance, grid, lessons, remarks, windows),
    records=(*CELLS, *LESSONS, *REMARKS, *WINDOWS),
    kinds=KINDS,
    undoing=UNDOING,
    settings=SETTINGS,
    changes={
        CourseChanged: _course,
        DiaryChanged: lambda event: Change(f"student:{event.student}", event.sequence),
        OpeningsChanged: lambda event: Change(f"openings:{event.school}", event.sequence),
    },
    menu=(Section("/journal", _("Journal"), "journal", Right.SEE_JOURNAL),),
    addresses=(
        Address("/journal/entries", Right.ENTER_MARKS, LARGEST_FORM, counted=True),
        Address("/journal/list", Right.SEE_KEEPING, counted=True),
        Address("/journal/[course]/sheet", Right.SEE_JOURNAL, counted=True, view=True),
    ),
    search=(
        Source("journals", p_("search", "Journals"), Right.SEE_JOURNAL, f"{_FIND}:journals"),
        Source(
            "people",
            _PEOPLE,
            Right.SEE_JOURNAL,
            f"{_FIND}:taught",
            Scope.OWN_COURSES,
            by_name=True,
        ),
        Source(
            "people",
            _PEOPLE,
            Right.SEE_KEEPING,
            f"{_FIND}:teachers",
            Scope.SCHOOL,
            by_name=True,
        ),
        Source("classes", _CLASSES, Right.SEE_JOURNAL, f"{_FIND}:classes"),
    ),
)
