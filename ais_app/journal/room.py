"""What this room declares."""

from ais_app.i18n import _
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.events import CourseChanged, DiaryChanged, OpeningsChanged
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.kinds import KINDS
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.remarks.models import Remark
from ais_app.journal.windows.models import Opening, OpeningRequest, PeriodLock
from ais_app.live.bus import Change
from ais_app.rights.rules import Right
from ais_app.room import LARGEST_FORM, Address, Room
from ais_app.web.menu import Section


def _course(event: CourseChanged) -> Change:
    details = {"op": event.operation, "person": event.person, "cells": event.cells, "reload": event.reload}
    return Change(f"course:{event.course}", event.sequence, details, event.made)


ROOM = Room(
    tables=(Lesson, Homework, Work, Cell, Mark, Attendance, Remark, PeriodLock, OpeningRequest, Opening),
    kinds=KINDS,
    changes={
        CourseChanged: _course,
        DiaryChanged: lambda event: Change(f"student:{event.student}", event.sequence),
        OpeningsChanged: lambda event: Change(f"openings:{event.school}", event.sequence),
    },
    menu=(Section("/journal", _("Journal"), "journal", Right.SEE_JOURNAL),),
    addresses=(
        Address("/journal/entries", Right.ENTER_MARKS, LARGEST_FORM, counted=True),
        Address("/journal/[course]/sheet", Right.SEE_JOURNAL, counted=True, view=True),
    ),
)
