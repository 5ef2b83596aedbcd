"""Courses, their teachers and the kinds of work: adding and changing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ais_app.db import UnitOfWork
from ais_app.db.columns import nfc
from ais_app.people.models import Person
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor
from ais_app.school import kinds
from ais_app.school.models import Course, Group
from ais_app.school.records import CONTROL_TYPE, COURSE, COURSE_TEACHER
from ais_app.school.rules import Draft, TermChange
from ais_app.school.service.changing import change_terms
from ais_app.school.service.operation import columns_of, must_be_of_school, setting_up


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
    with setting_up(uow, actor, school, kinds.CONTROL_TYPES_ADDED) as op:
        added = op.insert_all(CONTROL_TYPE, [{"school_id": school.id, **columns_of(draft)} for draft in drafts])
    return {draft.code: one.uid for draft, one in zip(drafts, added, strict=True)}


def add_courses(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, drafts: Sequence[CourseDraft]
) -> list[CourseRef]:
    """Add courses with their dated teachers, in order. Raises NotYours when a teacher or group is of another school."""
    with setting_up(uow, actor, school, kinds.COURSES_ADDED) as op:
        must_be_of_school(uow, school, Group, {draft.group_id for draft in drafts})
        must_be_of_school(uow, school, Person, {one.person_id for draft in drafts for one in draft.teachers})
        place = {"school_id": school.id, "year_id": year_id}
        added = op.insert_all(COURSE, [{**place, **columns_of(draft)} for draft in drafts])
        teachers = [
            {"course_id": course.id, **columns_of(teacher)}
            for course, draft in zip(added, drafts, strict=True)
            for teacher in draft.teachers
        ]
        op.insert_all(COURSE_TEACHER, teachers)
    return [CourseRef(*one) for one in added]


@dataclass(frozen=True, slots=True)
class CourseRenaming:
    id: int
    name: str


def rename_courses(uow: UnitOfWork, actor: Actor, school: SchoolRef, renamings: Sequence[CourseRenaming]) -> None:
    """Give courses their new names. Raises NotYours when one of them is of another school."""
    with setting_up(uow, actor, school, kinds.COURSES_RENAMED) as op:
        must_be_of_school(uow, school, Course, {one.id for one in renamings})
        op.update_all(COURSE, {one.id: {"name": nfc(one.name)} for one in renamings})


def change_teachers(uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[TermChange]) -> None:
    """Give courses teachers, and change the days of those whom they have."""
    change_terms(uow, actor, school, (kinds.TEACHERS_CHANGED, COURSE_TEACHER, "course_id", Course), changes)
