"""Use cases of the school: setting it up, and changing what it already has."""

from ais_app.school.service.changing import (
    change_class_teachers,
    change_memberships,
    change_people,
    end_guardianships,
    rename_school,
)
from ais_app.school.service.operation import may_set_up
from ais_app.school.service.setting_up import (
    add_bells,
    add_class,
    add_groups,
    add_guardians,
    add_people,
    add_slots,
    add_subjects,
    add_timetable,
    add_year,
    appoint_class_teacher,
    open_school,
)

__all__ = [
    "add_bells",
    "add_class",
    "add_groups",
    "add_guardians",
    "add_people",
    "add_slots",
    "add_subjects",
    "add_timetable",
    "add_year",
    "appoint_class_teacher",
    "change_class_teachers",
    "change_memberships",
    "change_people",
    "end_guardianships",
    "may_set_up",
    "open_school",
    "rename_school",
]
