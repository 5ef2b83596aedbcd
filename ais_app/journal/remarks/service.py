"""Remarks to a student at a lesson: written by the teacher of that lesson, seen by the family at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.journal.courses.queries.students import members
from ais_app.journal.errors import BadLesson
from ais_app.journal.events import announce_diaries
from ais_app.journal.kinds import REMARK_ADDED, REMARK_PUT_BACK, REMARK_WITHDRAWN
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.service.lessons import lesson_to_write
from ais_app.journal.remarks.models import Remark
from ais_app.journal.remarks.records import REMARK
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.undoing import Part
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right

LONGEST_REMARK = 500

_lesson = table(Lesson)
_remark = table(Remark)
_person = table(Person)


def add_remark(uow: UnitOfWork, actor: Actor, lesson_uid: str, student_uid: str, text: str) -> str:
    """Write a remark; returns its uid.

    Raises NotYours (not the lesson's teacher that day, or no student of it) and BadLesson (empty, too long, too late).
    """
    with operation(uow, actor, REMARK_ADDED, Right.KEEP_LESSONS) as op:
        held = lesson_to_write(op, lesson_uid, student_uid)
        said = text.strip()
        if not said or len(said) > LONGEST_REMARK:
            raise BadLesson(_("A remark has between 1 and {count} characters.").format(count=LONGEST_REMARK), "remark")
        pupils = members(uow.connection, held.page.group_id, held.day, held.day)
        pupil = next((one for one in pupils if one.uid == student_uid and one.belongs_on(held.day)), None)
        if pupil is None:
            raise NotYours
        row = {"lesson_id": held.id, "student_id": pupil.id, "author_id": actor.hat.person_id}
        made = op.insert(REMARK, {**row, "text": said, "created_at": op.now})
        announce_diaries(op, [student_uid])
    return made.uid


def withdraw_remark(uow: UnitOfWork, actor: Actor, remark_uid: str) -> None:
    """Take a remark back: the family sees it no more, the ledger keeps it. Raises NotYours, BadLesson (too late)."""
    with operation(uow, actor, REMARK_WITHDRAWN, Right.KEEP_LESSONS) as op:
        row = _own(op, remark_uid, withdrawn=False)
        op.update(REMARK, row.id, withdrawn_at=op.now)
        announce_diaries(op, [row.student])


def put_back_remark(uow: UnitOfWork, actor: Actor, remark_uid: str) -> date:
    """Put a withdrawn remark back, so that the family sees it again; returns the day of its lesson.

    Raises NotYours, BadLesson (too late).
    """
    with operation(uow, actor, REMARK_PUT_BACK, Right.KEEP_LESSONS) as op:
        row = _own(op, remark_uid, withdrawn=True)
        op.update(REMARK, row.id, withdrawn_at=None)
        announce_diaries(op, [row.student])
    return row.day


def undo(op: Operation, part: Part) -> None:
    """Undo what was done with remarks: they are taken back or put back. Raises NotYours, BadLesson."""
    for item in part.items:
        taken = (item.after or {}).get("withdrawn_at") is not None
        announce_diaries(op, [_own(op, item.subject, withdrawn=taken).student])
    part.put_back(op)


def _own(op: Operation, remark_uid: str, *, withdrawn: bool) -> Any:
    """A remark of the actor, at a lesson that he may still write. Raises NotYours, BadLesson."""
    not_withdrawn = _remark.c.withdrawn_at.is_(None)
    row = op.uow.execute(
        select(
            _remark.c.id,
            _remark.c.author_id,
            _lesson.c.uid.label("lesson"),
            _lesson.c.day,
            _person.c.uid.label("student"),
        )
        .join(_lesson, _lesson.c.id == _remark.c.lesson_id)
        .join(_person, _person.c.id == _remark.c.student_id)
        .where(
            _remark.c.uid == remark_uid,
            ~not_withdrawn if withdrawn else not_withdrawn,
            _lesson.c.school_id == op.actor.hat.school_id,
            LESSON_NOT_TAKEN_BACK,
        )
    ).one_or_none()
    if row is None or row.author_id != op.actor.hat.person_id:
        raise NotYours
    lesson_to_write(op, row.lesson, row.student)
    return row
