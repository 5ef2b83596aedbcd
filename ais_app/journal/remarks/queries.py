"""Remarks of a lesson to a student, for those who keep the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries.courses import course
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.remarks.models import Remark
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, told_apart
from ais_app.rights.reading import Reading
from ais_app.school.queries import member_on

_remark = table(Remark)
_lesson = table(Lesson)
_work = table(Work)
_person = table(Person)


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark that was not withdrawn; `own` = this reader wrote it and may take it back."""

    uid: str
    text: str
    author: str
    moment: datetime
    own: bool


def remarks(reading: Reading, grant: ViewGrant, cell_key: tuple[str, str]) -> list[RemarkLine]:
    """The remarks to the student at the lesson of `cell_key` = (student uid, work uid). Raises NotYours."""
    page, (student_uid, work_uid) = course(reading, grant), cell_key
    author = _person.alias("author")
    rows = reading.execute(
        select(_remark, author.c.family_name, author.c.given_name, author.c.patronymic)
        .join(_lesson, _lesson.c.id == _remark.c.lesson_id)
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(_person, _person.c.id == _remark.c.student_id)
        .join(author, author.c.id == _remark.c.author_id)
        .where(
            _lesson.c.course_id == page.id,
            _person.c.uid == student_uid,
            _work.c.uid == work_uid,
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
            _remark.c.withdrawn_at.is_(None),
            member_on(page.group_id, _person.c.id, _lesson.c.day),
        )
        .order_by(_remark.c.id)
    ).all()
    names = told_apart({row.author_id: Name.of(row) for row in rows}, Spelling.SIGNED)
    return [
        RemarkLine(row.uid, row.text, names[row.author_id], row.created_at, row.author_id == reading.hat.person_id)
        for row in rows
    ]
