"""Which operations are about a student, a class or one row: selects of the ids of operations, by the rows' subjects.

What refers to what is read from the declarations of the record (`ais_app/records.py`), so a new table is found too. A
row that was deleted as a mistake is found by its own history only: nothing refers to anything from it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, select, union, union_all
from sqlmodel import SQLModel

from ais_app.db.columns import table
from ais_app.journal.grid.models import Cell
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.ledger.models import OperationItem
from ais_app.ledger.records import Record
from ais_app.people.models import Person
from ais_app.records import RECORDS
from ais_app.school.models import Course, Enrollment, SchoolClass

_item = table(OperationItem)
_person, _class, _course, _enrollment = table(Person), table(SchoolClass), table(Course), table(Enrollment)
_lesson, _work, _cell = table(Lesson), table(Work), table(Cell)

Texts = Select[Any] | CompoundSelect[Any]  # of subjects, of ids of rows


def about_row(entity: str, subject: str) -> CompoundSelect[Any]:
    """The operations on one row; on a lesson and on a journal also those on what is in them."""
    selects = [_of(entity, subject)]
    if entity == _course.name:
        course = select(_course.c.id).where(_course.c.uid == subject)
        works = union_all(*_whether_ended(_work, "taken_back_at", _work.c.id, _lessons(course), "lesson_id"))
        selects += [_of_cells(_cell.c.work_id.in_(works)), *_of_courses(course)]
    if entity == _lesson.name:
        lesson = select(_lesson.c.id).where(_lesson.c.uid == subject)
        selects += [_of("homework", subject), *_referring_from(RECORDS[_work.name], "lesson_id", lesson)]
    return union(*selects)


def about_person(school_id: int | None, uid: str) -> CompoundSelect[Any]:
    """The operations on a person of the school, on the cells of his marks, and on the rows that refer to him."""
    person = select(_person.c.id).where(_person.c.uid == uid, _person.c.school_id == school_id)
    return union(_of(_person.name, uid), _of_cells(_cell.c.student_id.in_(person)), *_referring(_person.name, person))


def about_class(school_id: int | None, uid: str) -> CompoundSelect[Any]:
    """The operations on a class of the school: its students' cells in its year, its courses, lessons, memberships."""
    own = and_(_class.c.uid == uid, _class.c.school_id == school_id)
    group = select(_class.c.group_id).where(own)
    courses = select(_course.c.id).join(_class, _class.c.id == _course.c.class_id).where(own)
    members = select(_enrollment.c.person_id).where(_enrollment.c.group_id.in_(group))
    of_year = _course.c.year_id.in_(select(_class.c.year_id).where(own))
    return union(
        _of(_class.name, uid),
        _of_cells(and_(_cell.c.student_id.in_(members), of_year)),
        *_referring(_class.name, select(_class.c.id).where(own)),
        *_referring("study_group", group),
        *_of_courses(courses),
    )


def _of(entity: str, subject: str) -> Select[Any]:
    return select(_item.c.operation_id).where(_item.c.entity == entity, _item.c.subject == subject)


def _of_all(entity: str, subjects: Texts) -> Select[Any]:
    """By a list of subjects and no join: SQLite would join the other way round, from all items of the entity."""
    return select(_item.c.operation_id).where(_item.c.entity == entity, _item.c.subject.in_(subjects))


def _of_cells(where: ColumnElement[bool]) -> Select[Any]:
    subjects = (
        select(_person.c.uid + ":" + _work.c.uid)
        .select_from(_cell)
        .join(_person, _person.c.id == _cell.c.student_id)
        .join(_work, _work.c.id == _cell.c.work_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(where)
    )
    return _of_all(_cell.name, subjects)


def _of_courses(courses: Texts) -> Iterator[Select[Any]]:
    """The operations on rows that refer to these courses, or to their lessons."""
    yield from _referring(_course.name, courses)
    yield from _referring(_lesson.name, _lessons(courses))


def _lessons(courses: Texts) -> CompoundSelect[Any]:
    return union_all(*_whether_ended(_lesson, "taken_back_at", _lesson.c.id, courses))


def _referring(name: str, ids: Texts) -> Iterator[Select[Any]]:
    """The operations on rows of the record that refer to one of the rows `ids` of the table `name`."""
    for record in RECORDS.values():
        if isinstance(record, Record):
            for column, target in record.references.items():
                if target == name:
                    yield from _referring_from(record, column, ids)


def _referring_from(record: Any, column: str, ids: Texts) -> Iterator[Select[Any]]:
    rows = record.table
    if record.key == ("uid",):
        for subjects in _whether_ended(rows, record.ended_by, rows.c.uid, ids, column):
            yield _of_all(record.name, subjects)
    elif record.key == (column,):
        named = SQLModel.metadata.tables[record.references[column]]
        subjects = select(named.c.uid).join(rows, rows.c[column] == named.c.id).where(named.c.id.in_(ids))
        yield _of_all(record.name, subjects)


def _whether_ended(
    rows: Any, ended_by: str, wanted: Any, ids: Texts, column: str = "course_id"
) -> Iterator[Select[Any]]:
    """Rows that refer to one of `ids`: apart where they may be ended, since an index has the one or the others."""
    referring = rows.c[column].in_(ids)
    if not ended_by:
        yield select(wanted).where(referring)
        return
    yield select(wanted).where(referring, rows.c[ended_by].is_(None))
    yield select(wanted).where(referring, rows.c[ended_by].is_not(None))
