"""One cell of a student, opened by a tap: what it was given for, who wrote it, and its corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from ais_app.db.columns import holds_on, table
from ais_app.diary.queries.corrections import Correction, corrections, person_of
from ais_app.diary.queries.students import student_id
from ais_app.journal.grid.models import Cell
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.journal.grid.service.cells import subject
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.people.models import Person
from ais_app.people.names import initials
from ais_app.people.queries import names_of
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.school.models import ControlType, Course, CourseTeacher
from ais_app.school.queries import member_on

_cell = table(Cell)
_work = table(Work)
_type = table(ControlType)
_lesson = table(Lesson)
_course = table(Course)
_teacher = table(CourseTeacher)
_person = table(Person)


@dataclass(frozen=True, slots=True)
class OpenedCell:
    """`teacher`: who taught the lesson; `who`, `at`: who wrote the present value and when, where the ledger knows."""

    work: str
    subject: str
    day: date
    number: int
    topic: str
    kind: str
    weight: int
    cell: StoredCell
    teacher: str
    who: str
    at: datetime | None
    corrections: tuple[Correction, ...]


def opened_cell(reading: Reading, student_uid: str, work_uid: str) -> OpenedCell:
    """What was ever written of the student in this work. Raises NotYours for absent and foreign alike."""
    found = student_id(reading, student_uid)
    row = reading.execute(
        select(
            _work.c.id,
            _work.c.weight,
            _type.c.name.label("kind"),
            _lesson.c.day,
            _lesson.c.number,
            _lesson.c.topic,
            _lesson.c.course_id,
            _course.c.name.label("course"),
        )
        .select_from(_cell)
        .join(_work, _work.c.id == _cell.c.work_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(
            _work.c.uid == work_uid,
            _cell.c.student_id == found,
            member_on(_course.c.group_id, _cell.c.student_id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
    ).one_or_none()
    if found is None or row is None:
        raise NotYours
    who, at = _writer(reading, subject(student_uid, work_uid))
    return OpenedCell(
        work=work_uid,
        subject=row.course,
        day=row.day,
        number=row.number,
        topic=row.topic,
        kind=row.kind,
        weight=row.weight,
        cell=stored_cells(reading.connection, [row.id], [found]).get((found, row.id), StoredCell()),
        teacher=_teacher_on(reading.connection, row.course_id, row.day),
        who=who,
        at=at,
        corrections=corrections(reading, student_uid, [work_uid]).get(work_uid, ()),
    )


def _writer(reading: Reading, name: str) -> tuple[str, datetime | None]:
    steps = ledger.changes(reading.connection, school_chain(reading.hat.school_uid), "cell", [name])
    if not steps:
        return "", None
    person = person_of(steps[-1])
    return names_of(reading.connection, {person}).get(person, ""), steps[-1].moment


def _teacher_on(connection: Connection, course_id: int, day: date) -> str:
    row = connection.execute(
        select(_person.c.family_name, _person.c.given_name, _person.c.patronymic)
        .join(_teacher, _teacher.c.person_id == _person.c.id)
        .where(_teacher.c.course_id == course_id, holds_on(_teacher, day))
        .order_by(_teacher.c.valid_from.desc())
        .limit(1)
    ).one_or_none()
    return "" if row is None else initials(row.family_name, row.given_name, row.patronymic)
