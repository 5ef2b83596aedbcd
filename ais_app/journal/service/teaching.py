"""Changing courses that are there: their names, and who teaches them from when to when."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.topics import bump_all
from ais_app.journal.events import CourseChanged
from ais_app.journal.queries.sheet import topic_of
from ais_app.school.models import Course

_course = table(Course)


def announce_courses(uow: UnitOfWork, group_ids: Sequence[int], course_ids: Sequence[int]) -> None:
    """Tell open pages to load these courses, and those of these groups, anew."""
    where = _course.c.group_id.in_(group_ids) | _course.c.id.in_(course_ids)
    uids = {topic_of(uid): uid for uid in uow.execute(select(_course.c.uid).where(where)).scalars()}
    if uids:
        for topic, sequence in bump_all(uow, sorted(uids)).items():
            uow.announce(CourseChanged(uids[topic], sequence, "", "", reload=True))
