"""What of a school's structure is the record: calendar, classes, groups, courses, timetable."""

from ais_app.i18n import _
from ais_app.ledger.records import Record
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

YEAR = Record(
    AcademicYear,
    lambda: _("School year"),
    {
        "school": lambda: _("School"),
        "name": lambda: _("Name"),
        "starts_on": lambda: _("First day"),
        "ends_on": lambda: _("Last day"),
    },
)

SCHEME = Record(
    PeriodScheme,
    lambda: _("Division of the year"),
    {
        "school": lambda: _("School"),
        "year": lambda: _("School year"),
        "name": lambda: _("Name"),
    },
)

PERIOD = Record(
    GradingPeriod,
    lambda: _("Grading period"),
    {
        "scheme": lambda: _("Division of the year"),
        "ordinal": lambda: _("Number"),
        "name": lambda: _("Name"),
        "starts_on": lambda: _("First day"),
        "ends_on": lambda: _("Last day"),
    },
)

HOLIDAY = Record(
    Holiday,
    lambda: _("Days without lessons"),
    {
        "year": lambda: _("School year"),
        "name": lambda: _("Name"),
        "starts_on": lambda: _("First day"),
        "ends_on": lambda: _("Last day"),
        "grade": lambda: _("Grade"),
    },
)

BELL_SCHEDULE = Record(
    BellSchedule,
    lambda: _("Schedule of bells"),
    {
        "school": lambda: _("School"),
        "name": lambda: _("Name"),
    },
)

BELL = Record(
    Bell,
    lambda: _("Bell"),
    {
        "schedule": lambda: _("Schedule of bells"),
        "number": lambda: _("Number"),
        "starts_at": lambda: _("Beginning"),
        "ends_at": lambda: _("End"),
    },
    key=("schedule_id", "number"),
)

SUBJECT = Record(
    Subject,
    lambda: _("Subject"),
    {
        "school": lambda: _("School"),
        "name": lambda: _("Name"),
        "short_name": lambda: _("Short name"),
    },
)

GROUP = Record(
    Group,
    lambda: _("Group"),
    {
        "school": lambda: _("School"),
        "year": lambda: _("School year"),
        "name": lambda: _("Name"),
    },
)

CLASS = Record(
    SchoolClass,
    lambda: _("Class"),
    {
        "school": lambda: _("School"),
        "year": lambda: _("School year"),
        "grade": lambda: _("Grade"),
        "letter": lambda: _("Letter"),
        "name": lambda: _("Name"),
        "group": lambda: _("Group"),
        "scheme": lambda: _("Division of the year"),
        "bell_schedule": lambda: _("Schedule of bells"),
    },
)

ENROLLMENT = Record(
    Enrollment,
    lambda: _("Membership"),
    {
        "group": lambda: _("Group"),
        "person": lambda: _("Student"),
        "note": lambda: _("Note"),
        "valid_from": lambda: _("From"),
        "valid_to": lambda: _("Before"),
    },
)

CLASS_LEADING = Record(
    ClassLeading,
    lambda: _("Class teacher"),
    {
        "class": lambda: _("Class"),
        "person": lambda: _("Teacher"),
        "valid_from": lambda: _("From"),
        "valid_to": lambda: _("Before"),
    },
)

TIMETABLE = Record(
    TimetableVersion,
    lambda: _("Timetable"),
    {
        "school": lambda: _("School"),
        "year": lambda: _("School year"),
        "valid_from": lambda: _("From"),
        "valid_to": lambda: _("Before"),
    },
)

SLOT = Record(
    TimetableSlot,
    lambda: _("Lesson of the timetable"),
    {
        "version": lambda: _("Timetable"),
        "course": lambda: _("Course"),
        "weekday": lambda: _("Weekday"),
        "number": lambda: _("Lesson number"),
        "room": lambda: _("Room"),
    },
    key=("version_id", "course_id", "weekday", "number"),
)

CONTROL_TYPE = Record(
    ControlType,
    lambda: _("Kind of work"),
    {
        "school": lambda: _("School"),
        "name": lambda: _("Name"),
        "code": lambda: _("Code"),
        "weight": lambda: _("Weight"),
        "is_control": lambda: _("Control work"),
        "is_default": lambda: _("Ordinary"),
    },
)

COURSE = Record(
    Course,
    lambda: _("Course"),
    {
        "school": lambda: _("School"),
        "year": lambda: _("School year"),
        "subject": lambda: _("Subject"),
        "group": lambda: _("Group"),
        "class": lambda: _("Class"),
        "scheme": lambda: _("Division of the year"),
        "name": lambda: _("Name"),
        "graded": lambda: _("With marks"),
        "hours_planned": lambda: _("Hours planned"),
    },
)

COURSE_TEACHER = Record(
    CourseTeacher,
    lambda: _("Teacher of a course"),
    {
        "course": lambda: _("Course"),
        "person": lambda: _("Teacher"),
        "valid_from": lambda: _("From"),
        "valid_to": lambda: _("Before"),
    },
)

RECORDS = (
    YEAR,
    SCHEME,
    PERIOD,
    HOLIDAY,
    BELL_SCHEDULE,
    BELL,
    SUBJECT,
    GROUP,
    CLASS,
    ENROLLMENT,
    CLASS_LEADING,
    TIMETABLE,
    SLOT,
    CONTROL_TYPE,
    COURSE,
    COURSE_TEACHER,
)
