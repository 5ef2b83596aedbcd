"""Changing courses that are there: their names, and who teaches them from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from ais_app.access.rules import Actor
from ais_app.db import UnitOfWork
from ais_app.db.columns import nfc, table
from ais_app.db.topics import bump_all
from ais_app.journal.events import CourseChanged
from ais_app.journal.models import Course, CourseTeacher
from ais_app.journal.queries.sheet import topic_of
from ais_app.school.rules import SchoolRef, TermChange
from ais_app.school.service.changing import record_terms, write_terms
from ais_app.school.service.operation import SettingUp

_course = table(Course)


@dataclass(frozen=True, slots=True)
class CourseRenaming:
    id: int
    uid: str
    before: str
    after: str


def rename_courses(uow: UnitOfWork, actor: Actor, school: SchoolRef, renamings: Sequence[CourseRenaming]) -> None:
    """Give courses of the school their new names."""
    operation = SettingUp(uow, actor, school, "courses_renamed")
    for one in renamings:
        name = nfc(one.after)
        uow.execute(update(_course).where(_course.c.id == one.id, _course.c.school_id == school.id).values(name=name))
        operation.changed("course", one.uid, {"name": one.before}, {"name": name})
    operation.record()


def change_teachers(uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[TermChange]) -> None:
    """Give courses teachers, and change the days of those whom they have."""
    operation = SettingUp(uow, actor, school, "teachers_changed")
    write_terms(uow, school, (CourseTeacher, "course_id", Course), changes)
    record_terms(operation, "course_teacher", changes)
    operation.record()


def announce_courses(uow: UnitOfWork, group_ids: Sequence[int], course_ids: Sequence[int]) -> None:
    """Tell open pages to load these courses, and those of these groups, anew."""
    where = _course.c.group_id.in_(group_ids) | _course.c.id.in_(course_ids)
    uids = {topic_of(uid): uid for uid in uow.execute(select(_course.c.uid).where(where)).scalars()}
    if uids:
        for topic, sequence in bump_all(uow, sorted(uids)).items():
            uow.announce(CourseChanged(uids[topic], sequence, "", "", reload=True))
