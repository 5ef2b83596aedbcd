"""Courses, their teachers and the kinds of work: adding and changing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from ais_app.db import UnitOfWork
from ais_app.db.columns import nfc, table
from ais_app.people.models import Person
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor
from ais_app.school.models import ControlType, Course, CourseTeacher, Group
from ais_app.school.rules import Draft, TermChange
from ais_app.school.service.changing import record_terms, write_terms
from ais_app.school.service.operation import SettingUp, columns_of, must_be_of_school, put_rows


@dataclass(frozen=True, slots=True)
class TypeDraft(Draft):
    name: str
    code: str
    weight: int
    is_control: bool = False
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class TeacherDraft:
    person_id: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CourseDraft(Draft):
    """A course to add; `class_id` is None for groups of several classes and imported sections."""

    name: str
    subject_id: int
    group_id: int
    scheme_id: int
    teachers: Sequence[TeacherDraft]
    class_id: int | None = None
    graded: bool = True
    hours_planned: int | None = None


@dataclass(frozen=True, slots=True)
class CourseRef:
    id: int
    uid: str


def add_control_types(uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[TypeDraft]) -> dict[str, str]:
    """Add the kinds of work of a school; returns {code: uid}."""
    setting_up = SettingUp(uow, actor, school, "control_types_added")
    added = setting_up.add(
        ControlType,
        "control_type",
        drafts,
        lambda draft: {"code": draft.code, "weight": draft.weight},
        school_id=school.id,
    )
    setting_up.record()
    return {draft.code: uid for draft, (_id, uid) in zip(drafts, added, strict=True)}


def add_courses(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, drafts: Sequence[CourseDraft]
) -> list[CourseRef]:
    """Add courses with their dated teachers, in order. Raises NotYours when a teacher or group is of another school."""
    setting_up = SettingUp(uow, actor, school, "courses_added")
    must_be_of_school(uow, school, Group, {draft.group_id for draft in drafts})
    must_be_of_school(uow, school, Person, {one.person_id for draft in drafts for one in draft.teachers})
    added = setting_up.add(
        Course,
        "course",
        drafts,
        lambda draft: {"name": draft.name, "teachers": len(draft.teachers)},
        school_id=school.id,
        year_id=year_id,
    )
    teachers = [
        {"course_id": course_id, **columns_of(teacher)}
        for (course_id, _uid), draft in zip(added, drafts, strict=True)
        for teacher in draft.teachers
    ]
    put_rows(uow, CourseTeacher, teachers)
    setting_up.record()
    return [CourseRef(*one) for one in added]


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
