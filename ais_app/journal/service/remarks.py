"""Remarks to a student at a lesson: written by the teacher of that lesson, seen by the family at once."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.journal.errors import BadLesson
from ais_app.journal.events import announce_diaries
from ais_app.journal.models import Lesson, Remark
from ais_app.journal.queries import sheet as sheets
from ais_app.journal.service.lessons import held_lesson
from ais_app.journal.service.openings import by_opening
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item

LONGEST_REMARK = 500

_lesson = table(Lesson)
_remark = table(Remark)


def add_remark(uow: UnitOfWork, actor: Actor, lesson_uid: str, student_uid: str, text: str) -> str:
    """Write a remark; returns its uid.

    Raises NotYours (not the lesson's teacher that day, or no student of it) and BadLesson (empty, too long, too late).
    """
    held = held_lesson(uow, actor, lesson_uid, student_uid)
    said = text.strip()
    if not said or len(said) > LONGEST_REMARK:
        raise BadLesson(_("A remark has between 1 and {count} characters.").format(count=LONGEST_REMARK), "remark")
    pupils = sheets.students(uow.connection, held.page.group_id, held.day, held.day)
    pupil = next((one for one in pupils if one.uid == student_uid and one.belongs_on(held.day)), None)
    if pupil is None:
        raise NotYours
    uid = uow.make_uid()
    uow.execute(
        insert(_remark).values(
            uid=uid,
            lesson_id=held.id,
            student_id=pupil.id,
            author_id=actor.hat.person_id,
            text=said,
            created_at=uow.now,
        )
    )
    after = {"lesson": held.uid, "student": student_uid, "text": FreeText(said)}
    item = by_opening(Item("remark", uid, None, after), held.opening)
    ledger.append(uow, held.chain, actor.author, "remark_added", [item])
    announce_diaries(uow, [student_uid])
    return uid


def withdraw_remark(uow: UnitOfWork, actor: Actor, remark_uid: str) -> None:
    """Take a remark back: the family sees it no more, the ledger keeps it. Raises NotYours, BadLesson (too late)."""
    person = _remark.metadata.tables["person"]
    row = uow.execute(
        select(_remark.c.id, _remark.c.author_id, _lesson.c.uid.label("lesson"), person.c.uid.label("student"))
        .join(_lesson, _lesson.c.id == _remark.c.lesson_id)
        .join(person, person.c.id == _remark.c.student_id)
        .where(
            _remark.c.uid == remark_uid,
            _remark.c.withdrawn_at.is_(None),
            _lesson.c.school_id == actor.hat.school_id,
        )
    ).one_or_none()
    if row is None or row.author_id != actor.hat.person_id:
        raise NotYours
    held = held_lesson(uow, actor, row.lesson, row.student)
    uow.execute(update(_remark).where(_remark.c.id == row.id).values(withdrawn_at=uow.now))
    item = by_opening(Item("remark", remark_uid, {"withdrawn": False}, {"withdrawn": True}), held.opening)
    ledger.append(uow, held.chain, actor.author, "remark_withdrawn", [item])
    announce_diaries(uow, [row.student])
