"""What the journal announces after a commit; `live` carries it to open pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump_all
from ais_app.ledger.operation import Operation
from ais_app.school.models import Course


@dataclass(frozen=True, slots=True)
class CourseChanged:
    """Cells (student uid, work uid) of a course changed, or its columns did (`reload`).

    `made` (`marks.Written`): what the cells hold now, for the process that wrote them; it never leaves this process.
    """

    course: str
    sequence: int
    operation: str
    person: str
    cells: tuple[tuple[str, str], ...] = ()
    reload: bool = False
    made: Any = None


@dataclass(frozen=True, slots=True)
class DiaryChanged:
    """Something that a student's diary shows changed."""

    student: str
    sequence: int


@dataclass(frozen=True, slots=True)
class OpeningsChanged:
    """Something was asked, answered, opened or closed after the edit window in a school."""

    school: str
    sequence: int


def announce_diaries(op: Operation, students: Collection[str]) -> None:
    """Announce that something in the diaries of these students (uids) has changed."""
    for event in diaries_changed(op.uow, students):
        op.announce(event)


def diaries_changed(uow: UnitOfWork, students: Collection[str]) -> list[DiaryChanged]:
    """The events of `announce_diaries` for these students (uids), each with the next number of its feed."""
    feeds = {f"student:{student}": student for student in sorted(students)}
    bumped = bump_all(uow, list(feeds)) if feeds else {}
    return [DiaryChanged(feeds[feed], sequence) for feed, sequence in bumped.items()]


def feed_of(course_uid: str) -> str:
    """The live feed of a course."""
    return f"course:{course_uid}"


_course = table(Course)


def announce_courses(uow: UnitOfWork, group_ids: Sequence[int], course_ids: Sequence[int]) -> None:
    """Tell open pages to load these courses, and those of these groups, anew."""
    where = _course.c.group_id.in_(group_ids) | _course.c.id.in_(course_ids)
    uids = {feed_of(uid): uid for uid in uow.execute(select(_course.c.uid).where(where)).scalars()}
    if uids:
        for feed, sequence in bump_all(uow, sorted(uids)).items():
            uow.announce(CourseChanged(uids[feed], sequence, "", "", reload=True))
