"""The kinds of operations that set a school up, and by which kind each is taken back."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

SET_UP_TAKEN_BACK = Kind(
    "set_up_taken_back", lambda: _("A change of the set-up was taken back"), inverse="set_up_put_back"
)
SET_UP_PUT_BACK = Kind("set_up_put_back", lambda: _("A change of the set-up was put back"), inverse="set_up_taken_back")
SCHOOL_OPENED = Kind(
    "school_opened",
    lambda: _("The school was opened"),
    without=lambda: _("The history of a school begins with it."),
)
SCHOOL_RENAMED = Kind("school_renamed", lambda: _("The school was renamed"), inverse="school_renamed")
YEAR_ADDED = Kind("year_added", lambda: _("A school year was added"), inverse="set_up_taken_back")
BELLS_ADDED = Kind("bells_added", lambda: _("A schedule of bells was added"), inverse="set_up_taken_back")
SUBJECTS_ADDED = Kind("subjects_added", lambda: _("Subjects were added"), inverse="set_up_taken_back")
CONTROL_TYPES_ADDED = Kind("control_types_added", lambda: _("Kinds of work were added"), inverse="set_up_taken_back")
PEOPLE_ADDED = Kind("people_added", lambda: _("People were added"), inverse="set_up_taken_back")
PEOPLE_CHANGED = Kind("people_changed", lambda: _("Details of people were changed"), inverse="people_changed")
CLASS_ADDED = Kind("class_added", lambda: _("A class was added"), inverse="set_up_taken_back")
GROUPS_ADDED = Kind("groups_added", lambda: _("Groups were added"), inverse="set_up_taken_back")
MEMBERSHIPS_CHANGED = Kind(
    "memberships_changed", lambda: _("Members of classes and groups were changed"), inverse="memberships_changed"
)
CLASS_TEACHER_APPOINTED = Kind(
    "class_teacher_appointed", lambda: _("A class teacher was appointed"), inverse="set_up_taken_back"
)
CLASS_TEACHERS_CHANGED = Kind(
    "class_teachers_changed", lambda: _("Class teachers were changed"), inverse="class_teachers_changed"
)
GUARDIANS_ADDED = Kind("guardians_added", lambda: _("Guardians were linked to students"), inverse="set_up_taken_back")
GUARDIANS_ENDED = Kind("guardians_ended", lambda: _("Links of guardians were ended"), inverse="set_up_taken_back")
TIMETABLE_ADDED = Kind("timetable_added", lambda: _("A timetable was added"), inverse="set_up_taken_back")
COURSES_ADDED = Kind("courses_added", lambda: _("Courses were added"), inverse="set_up_taken_back")
COURSES_RENAMED = Kind("courses_renamed", lambda: _("Courses were renamed"), inverse="courses_renamed")
TEACHERS_CHANGED = Kind("teachers_changed", lambda: _("Teachers of courses were changed"), inverse="teachers_changed")

KINDS = (
    SET_UP_TAKEN_BACK,
    SET_UP_PUT_BACK,
    SCHOOL_OPENED,
    SCHOOL_RENAMED,
    YEAR_ADDED,
    BELLS_ADDED,
    SUBJECTS_ADDED,
    CONTROL_TYPES_ADDED,
    PEOPLE_ADDED,
    PEOPLE_CHANGED,
    CLASS_ADDED,
    GROUPS_ADDED,
    MEMBERSHIPS_CHANGED,
    CLASS_TEACHER_APPOINTED,
    CLASS_TEACHERS_CHANGED,
    GUARDIANS_ADDED,
    GUARDIANS_ENDED,
    TIMETABLE_ADDED,
    COURSES_ADDED,
    COURSES_RENAMED,
    TEACHERS_CHANGED,
)
