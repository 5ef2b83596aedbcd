"""Acknowledgements of a week («ознакомлен»), and what has changed since it was signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import holds_on, table
from ais_app.db.prepared import Prepared
from ais_app.diary.models import Acknowledgement
from ais_app.diary.queries.corrections import value_after, value_before
from ais_app.diary.queries.parameters import FIRST, LAST, STUDENT
from ais_app.diary.queries.students import readable_students
from ais_app.diary.records import ACKNOWLEDGEMENT
from ais_app.journal.grid.rules import is_correction
from ais_app.journal.grid.service.cells import subject
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.remarks.models import Remark
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, told_apart
from ais_app.rights.reading import Reading
from ais_app.school.models import Course, Enrollment
from ais_app.school.queries import member_on

CORRECTED, REMARKED, WITHDRAWN = "corrected", "remarked", "withdrawn"
SIGNED = ACKNOWLEDGEMENT.name

_acknowledgement = table(Acknowledgement)
_person = table(Person)
_work = table(Work)
_lesson = table(Lesson)
_course = table(Course)
_enrollment = table(Enrollment)
_remark = table(Remark)

_SIGNATURES = Prepared(
    select(_acknowledgement.c.at, _acknowledgement.c.uid.label("signature"), _person)
    .join(_person, _person.c.id == _acknowledgement.c.guardian_id)
    .where(_acknowledgement.c.student_id == STUDENT, _acknowledgement.c.monday == bindparam("monday"))
    .order_by(_acknowledgement.c.at, _acknowledgement.c.id)
)
_CELLS = Prepared(
    select(_work.c.uid, _course.c.name, _lesson.c.day)
    .join(_lesson, _lesson.c.id == _work.c.lesson_id)
    .join(_course, _course.c.id == _lesson.c.course_id)
    .join(_enrollment, _enrollment.c.group_id == _course.c.group_id)
    .where(
        _enrollment.c.person_id == STUDENT,
        holds_on(_enrollment, _lesson.c.day),
        _lesson.c.day.between(FIRST, LAST),
        LESSON_NOT_TAKEN_BACK,
        WORK_NOT_TAKEN_BACK,
    )
)


@dataclass(frozen=True, slots=True)
class AcknowledgementLine:
    """A guardian who has seen the week."""

    who: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A change since the signature: a cell (CORRECTED, its texts `before` and `after`), or a remark that was written
    (REMARKED) or withdrawn (WITHDRAWN).
    """

    what: str
    subject: str
    day: date
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SinceSigned:
    """What came after a signature. `news`: corrections and remarks, which ask for another one; `entries`: how many
    cells got something without a correction, which do not.
    """

    news: tuple[NewsLine, ...] = ()
    entries: int = 0


def signature(student_uid: str, monday: date) -> str:
    """What the ledger called a signed week before the signatures had uids."""
    return f"{student_uid}:{monday.isoformat()}"


def acknowledged_by(connection: Connection, student_id: int, monday: date) -> list[AcknowledgementLine]:
    """Every signature under the week, the first one first. The caller has checked who reads."""
    return _signatures(_SIGNATURES.all(connection, {"student": student_id, "monday": monday}))


def since_signed(reading: Reading, student: tuple[int, str], monday: date) -> SinceSigned | None:
    """What has changed in the week of a student (id, uid) since the last signature of the actor, or of anybody where
    the actor has not signed. None when nobody has.
    """
    chain = school_chain(reading.hat.school_uid)
    rows = _SIGNATURES.all(reading.connection, {"student": student[0], "monday": monday})
    names = [signature(student[1], monday), *(row.signature for row in rows)]
    signed = ledger.changes(reading.connection, chain, SIGNED, names)
    own = [step for step in signed if step.after.get("guardian") == reading.hat.person_uid]
    last = next(reversed(own or signed), None)
    if last is None:
        return None
    works = cells_of_the_week(reading.connection, student[0], monday)
    news, entries = _cells(reading.connection, chain, student[1], works, last.sequence)
    remarks = _remarks(reading.connection, chain, student[0], monday, last.sequence)
    return SinceSigned(tuple(sorted((*news, *remarks), key=lambda change: change.day)), entries)


def cells_of_the_week(connection: Connection, student_id: int, monday: date) -> dict[str, tuple[str, date]]:
    """{work uid: (subject, day)} of everything of the student's week that can be marked."""
    rows = _CELLS.all(connection, {"student": student_id, "first": monday, "last": monday + timedelta(days=6)})
    return {row.uid: (row.name, row.day) for row in rows}


def _cells(
    connection: Connection, chain: str, student_uid: str, works: dict[str, tuple[str, date]], after: int
) -> tuple[list[NewsLine], int]:
    """(cells that were corrected since the operation `after`, how many others changed); `after` is its sequence."""
    names = {subject(student_uid, uid): uid for uid in works}
    first: dict[str, str] = {}
    now: dict[str, str] = {}
    for step in ledger.changes(connection, chain, "cell", list(names), after):
        first.setdefault(step.subject, value_before(step))
        now[step.subject] = value_after(step)
    news, entries = [], 0
    for name, signed in first.items():
        if is_correction(signed, now[name]):
            news.append(NewsLine(CORRECTED, *works[names[name]], before=signed, after=now[name]))
        else:
            entries += signed != now[name]
    return news, entries


def _remarks(connection: Connection, chain: str, student_id: int, monday: date, after: int) -> list[NewsLine]:
    """Remarks of the week that were written or withdrawn since the operation `after` (its sequence)."""
    rows = connection.execute(
        select(_remark.c.uid, _remark.c.withdrawn_at, _course.c.name, _lesson.c.day)
        .join(_lesson, _lesson.c.id == _remark.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(
            _remark.c.student_id == student_id,
            _lesson.c.day.between(monday, monday + timedelta(days=6)),
            member_on(_course.c.group_id, student_id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
        )
        .order_by(_remark.c.id)
    ).all()
    touched = ledger.changes(connection, chain, "remark", [row.uid for row in rows], after)
    seen_then = {step.subject: _was_seen(step.before) for step in reversed(touched)}
    news = []
    for row in rows:
        seen_now = row.withdrawn_at is None
        if seen_now != seen_then.get(row.uid, seen_now):
            news.append(NewsLine(REMARKED if seen_now else WITHDRAWN, row.name, row.day))
    return news


def _was_seen(before: Mapping[str, Any]) -> bool:
    """Whether families saw a remark before a step of its history; the ledger once said `withdrawn` of it."""
    return bool(before) and not (before.get("withdrawn_at") or before.get("withdrawn"))


def week_of_a_class(reading: Reading, monday: date) -> dict[str, list[AcknowledgementLine]]:
    """{student uid: who has seen the week, each once, with his last signature} of every student whose diary the actor
    may open.
    """
    guardian = _person.alias("guardian")
    rows = reading.execute(
        select(_person.c.uid.label("student"), _acknowledgement.c.at, guardian)
        .select_from(_acknowledgement)
        .join(_person, _person.c.id == _acknowledgement.c.student_id)
        .join(guardian, guardian.c.id == _acknowledgement.c.guardian_id)
        .where(_acknowledgement.c.monday == monday, readable_students(reading.actor, reading.today))
        .order_by(_acknowledgement.c.at, _acknowledgement.c.id)
    )
    by_student: dict[str, dict[str, Any]] = {}
    for row in rows:
        by_student.setdefault(row.student, {})[row.uid] = row
    return {student: _signatures(list(of_student.values())) for student, of_student in by_student.items()}


def _signatures(rows: Sequence[Any]) -> list[AcknowledgementLine]:
    """Those who have seen the week of one student; each row is a person with the moment `at`."""
    names = told_apart({row.uid: Name.of(row) for row in rows}, Spelling.SIGNED)
    return [AcknowledgementLine(names[row.uid], row.uid, row.at) for row in rows]
