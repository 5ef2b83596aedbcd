"""Undo of marks and absences: the cells get back what they held, as if the person had entered that himself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from ais_app.db.columns import pairs, table
from ais_app.i18n import _
from ais_app.journal.grid.against_ledger import comments_before
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.facts import facts_of
from ais_app.journal.grid.service.marks import MarksOperation, write_entries
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.ledger.operation import Operation
from ais_app.ledger.putting_back import NotAsLeft
from ais_app.ledger.standing import DoneItem
from ais_app.ledger.undoing import Part
from ais_app.people.models import Person
from ais_app.rights.errors import Refused
from ais_app.school.models import Course

_work, _lesson, _course, _person = table(Work), table(Lesson), table(Course), table(Person)


class _Place(NamedTuple):
    """A cell: ids of its student and work, uid of its course."""

    student_id: int
    work_id: int
    course: str


def marks(op: Operation, part: Part) -> None:
    """Undo what was entered into cells, under the checks of `enter_marks` at this moment.

    Raises CellsRefused, NotYours, NotAsLeft.
    """
    places = _places(op, part.items)
    works, students = {one.work_id for one in places.values()}, {one.student_id for one in places.values()}
    held = stored_cells(op.uow.connection, works, students)
    comments = comments_before(op.uow.connection, part.operation.uid, [item.subject for item in part.items])
    by_course: dict[str, list[MarkEntry]] = {}
    for item in part.items:
        place = places[item.subject]
        cell = held.get((place.student_id, place.work_id), StoredCell())
        if cell.value.text != (item.after or {}).get("value"):
            raise NotAsLeft
        student, _colon, work = item.subject.partition(":")
        text = (item.before or {}).get("value", "")
        entry = MarkEntry(student, work, text, cell.version, comments=tuple(comments[item.subject]))
        by_course.setdefault(place.course, []).append(entry)
    for course, entries in sorted(by_course.items()):
        write_entries(op, facts_of(op, course), MarksOperation(op.uid, course, entries, op.reason))


def put_back(_op: Operation, _items: Sequence[DoneItem]) -> None:
    """Cells go back only by the operations that write them: what else touched them is not undone as a whole."""
    raise Refused(_("Marks of this are not put back as a whole: enter them again."))


def _places(op: Operation, items: Sequence[DoneItem]) -> dict[str, _Place]:
    """{subject: its cell}. Raises NotAsLeft where a student or column is there no more."""
    keys = {item.subject: item.subject.partition(":") for item in items}
    named = sorted({key[0] for key in keys.values()})
    students = pairs(op.uow.execute(select(_person.c.uid, _person.c.id).where(_person.c.uid.in_(named))))
    rows = op.uow.execute(
        select(_work.c.uid, _work.c.id, _course.c.uid.label("course"))
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(_work.c.uid.in_(sorted({key[2] for key in keys.values()})))
    )
    works = {row.uid: row for row in rows}
    if any(key[0] not in students or key[2] not in works for key in keys.values()):
        raise NotAsLeft
    return {subject: _Place(students[key[0]], works[key[2]].id, works[key[2]].course) for subject, key in keys.items()}
