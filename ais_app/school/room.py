"""What this room declares."""

from ais_app.i18n import _
from ais_app.rights.rules import Right
from ais_app.room import Room
from ais_app.school.models import (
    AcademicYear,
    Bell,
    BellSchedule,
    ClassLeading,
    ControlType,
    Course,
    CourseTeacher,
    Enrollment,
    GradingPeriod,
    Group,
    Holiday,
    PeriodScheme,
    SchoolClass,
    Subject,
    TimetableSlot,
    TimetableVersion,
)
from ais_app.web.menu import Section

ROOM = Room(
    tables=(
        AcademicYear,
        PeriodScheme,
        GradingPeriod,
        Holiday,
        BellSchedule,
        Bell,
        Subject,
        Group,
        SchoolClass,
        Enrollment,
        ClassLeading,
        TimetableVersion,
        TimetableSlot,
        ControlType,
        Course,
        CourseTeacher,
    ),
    menu=(Section("/", _("Today"), "today", Right.SEE_HOME),),
)
