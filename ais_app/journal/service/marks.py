"""Entering marks and attendance: the one way by which a cell of the journal changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right, Scope
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import holds_on, table
from ais_app.db.topics import bump
from ais_app.i18n import _
from ais_app.journal import rules
from ais_app.journal.errors import CellsRefused, RefusedCell
from ais_app.journal.events import CourseChanged, announce_diaries
from ais_app.journal.models import Attendance, Cell, Mark
from ais_app.journal.queries import sheet as sheets
from ais_app.journal.queries.cells import StoredCell, stored_cells
from ais_app.journal.queries.courses import CourseRow, course
from ais_app.journal.rules import CellValue, ColumnState
from ais_app.ledger import queries as ledger_queries
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item
from ais_app.school.models import ClassLeading
from ais_app.school.queries import names_of

KIND = "marks_entered"

_cell = table(Cell)
_mark = table(Mark)
_attendance = table(Attendance)
_leading = table(ClassLeading)


_CLEAR = delete(_mark).where(_mark.c.work_id == bindparam("work"), _mark.c.student_id == bindparam("student"))
_ADD_MARKS = insert(_mark)
_TOUCH = (
    update(_cell)
    .where(_cell.c.work_id == bindparam("work"), _cell.c.student_id == bindparam("student"))
    .values(version=bindparam("version"), changed=bindparam("changed"))
)


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """What somebody wants a cell to hold, and the version he saw when he decided so."""

    student: str
    work: str
    text: str
    version: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class MarksOperation:
    """One operation of the grid: a key, a pasted block, a roll call. `uid` is made by the client."""

    uid: str
    course: str
    entries: Sequence[MarkEntry]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The answer to an operation: the sequence of the course after it and the cells it touched."""

    course: CourseRow
    sequence: int
    operation: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Accepted:
    entry: MarkEntry
    student: sheets.Student
    work: sheets.Column
    value: CellValue
    before: StoredCell


def enter_marks(uow: UnitOfWork, actor: Actor, operation: MarksOperation) -> Entered:
    """Write marks and attendance of one course; all of them or none (D-11).

    An operation whose uid is known was written before: it is answered and not written again.
    Raises NotYours (no such course for this actor, or the uid is somebody else's) and CellsRefused with the
    reason of each refused cell: foreign, not a member that day, period closed, window over, stale, unreadable.
    """
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    today = local_date(uow.now, actor.hat.zone)
    page = course(uow.connection, actor, operation.course, today)
    touched = tuple((entry.student, entry.work) for entry in operation.entries)
    known = ledger_queries.operation_known(uow.connection, operation.uid)
    if known is not None:
        if (known.account, known.kind, known.chain_id) != (actor.account_uid, KIND, chain.chain_id):
            raise NotYours
        return Entered(page, _sequence(uow, page), operation.uid, touched)
    if not actor.may(Right.ENTER_MARKS):
        raise NotYours
    accepted = _accept(uow, actor, page, operation.entries)
    changed = [one for one in accepted if _differs(one)]
    _write_marks(uow, changed)
    for one in changed:
        if one.work.ordinal == 1:
            write_attendance(uow, one.work.lesson_id, one.student.id, one.value, one.before)
    _write_cells(uow, changed)
    items = [_item(one) for one in changed]
    if operation.reason:
        items.append(Item("reason", page.uid, None, {"text": FreeText(operation.reason)}))
    ledger.append(uow, chain, actor.author, KIND, items, uid=operation.uid)
    sequence = _announce(uow, actor, page, operation.uid, changed)
    return Entered(page, sequence, operation.uid, touched)


def _sequence(uow: UnitOfWork, page: CourseRow) -> int:
    return sheets.sequence_of(uow.connection, sheets.topic_of(page.uid))


def _accept(uow: UnitOfWork, actor: Actor, page: CourseRow, entries: Sequence[MarkEntry]) -> list[_Accepted]:
    """Check every entry against the present state; raise CellsRefused naming each that cannot be written."""
    today = local_date(uow.now, actor.hat.zone)
    wanted_works = [entry.work for entry in entries]
    works = {
        work.uid: work
        for work in sheets.columns(uow.connection, actor, page, page.year_from, page.year_to, today, wanted_works)
    }
    pupils = {
        pupil.uid: pupil for pupil in sheets.students(uow.connection, page.group_id, page.year_from, page.year_to)
    }
    present = stored_cells(
        uow.connection,
        [work.id for work in works.values()],
        [pupils[entry.student].id for entry in entries if entry.student in pupils],
    )
    accepted: list[_Accepted] = []
    refused: list[RefusedCell] = []
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        pupil, work = pupils.get(entry.student), works.get(entry.work)
        if pupil is None or work is None or not pupil.belongs_on(work.day) or not work.mine:
            refused.append(RefusedCell(entry.student, entry.work, "denied", _("This cell is not yours to write.")))
            continue
        before = present.get((pupil.id, work.id), StoredCell())
        verdict = _verdict(uow, actor, page, entry, work, before)
        if isinstance(verdict, CellValue) and (entry.student, entry.work) in seen:
            verdict = "bad", _("This cell stands twice in one operation.")
        seen.add((entry.student, entry.work))
        if isinstance(verdict, CellValue):
            accepted.append(_Accepted(entry, pupil, work, verdict, before))
        else:
            who = _last_author(uow, actor, entry) if verdict[0] == "stale" else ""
            refused.append(
                RefusedCell(entry.student, entry.work, verdict[0], verdict[1], before.value.text, before.version, who)
            )
    if refused:
        raise CellsRefused(refused)
    return accepted


def _verdict(
    uow: UnitOfWork,
    actor: Actor,
    page: CourseRow,
    entry: MarkEntry,
    work: sheets.Column,
    before: StoredCell,
) -> CellValue | tuple[str, str]:
    """The value to write, or (code, reason) of the refusal."""
    if work.state is not ColumnState.OPEN:
        return work.state.value, work.why
    try:
        value = rules.parse_cell(entry.text, mark_one=page.mark_one, graded=page.graded)
    except rules.BadCell:
        value = None
    if entry.version != before.version and (value != before.value or entry.comment is not None):
        return "stale", _("Somebody else has changed this cell meanwhile.")
    if value is None:
        return "bad", _("«{text}» is neither a mark nor a code.").format(text=entry.text[: rules.LONGEST_CELL])
    if entry.comment is not None and (len(entry.comment) > rules.LONGEST_COMMENT or not value.marks):
        return "bad", _("A comment belongs to a mark and has at most {count} characters.").format(
            count=rules.LONGEST_COMMENT
        )
    if work.ordinal > 1 and value.attendance:
        return "bad", _("Attendance is entered in the first column of the lesson.")
    if value.attendance == rules.ABSENT and not value.reason and before.attendance == rules.ABSENT:
        value = CellValue(value.marks, value.attendance, before.reason)  # «н» over «б» keeps the reason
    if value.reason and value.reason != before.reason and not _may_set_reason(uow, actor, page, work):
        return "denied", _("The reason of an absence is entered by the class teacher.")
    return value


def _may_set_reason(uow: UnitOfWork, actor: Actor, page: CourseRow, work: sheets.Column) -> bool:
    scopes = actor.scopes(Right.SET_ABSENCE_REASON)
    if Scope.SCHOOL in scopes:
        return True
    return (
        Scope.OWN_CLASS in scopes
        and uow.execute(
            select(_leading.c.id).where(
                _leading.c.class_id == page.class_id,
                _leading.c.person_id == actor.hat.person_id,
                holds_on(_leading, work.day),
            )
        ).first()
        is not None
    )


def _last_author(uow: UnitOfWork, actor: Actor, entry: MarkEntry) -> str:
    steps = ledger_queries.history(
        uow.connection, ledger.school_chain(actor.hat.school_uid), "cell", subject(entry.student, entry.work), 1
    )
    person = steps[0].hat.rpartition(":")[2] if steps else ""
    return names_of(uow.connection, {person}).get(person, "")


def subject(student_uid: str, work_uid: str) -> str:
    """The name of a cell in the ledger."""
    return f"{student_uid}:{work_uid}"


def _differs(one: _Accepted) -> bool:
    comment_differs = one.entry.comment is not None and one.entry.comment != one.before.comment
    return comment_differs or one.value != one.before.value


def _write_marks(uow: UnitOfWork, changed: Sequence[_Accepted]) -> None:
    rewritten = [one for one in changed if list(one.value.marks) != one.before.marks or one.entry.comment is not None]
    for one in rewritten:
        if one.before.marks:
            uow.execute(_CLEAR, {"work": one.work.id, "student": one.student.id})
    rows = [row for one in rewritten for row in _mark_rows(one)]
    if rows:
        uow.execute(_ADD_MARKS, rows)


def _mark_rows(one: _Accepted) -> list[dict[str, Any]]:
    comments = [one.entry.comment] if one.entry.comment is not None else one.before.comments
    return [
        {
            "work_id": one.work.id,
            "student_id": one.student.id,
            "ordinal": ordinal,
            "code": mark.code,
            "hundredths": mark.hundredths,
            "comment": comments[ordinal] if ordinal < len(comments) else "",
        }
        for ordinal, mark in enumerate(one.value.marks)
    ]


def _write_cells(uow: UnitOfWork, changed: Sequence[_Accepted]) -> None:
    """Give every cell its next version; «changed» says that a value stood there before."""
    fresh = [one for one in changed if not one.before.version]
    for one in changed:
        if one.before.version:
            touch_cell(uow, one.work.id, one.student.id, one.before)
    if fresh:
        uow.execute(
            insert(_cell),
            [
                {
                    "work_id": one.work.id,
                    "student_id": one.student.id,
                    "version": 1,
                    "changed": False,
                    "entered_at": uow.now,
                }
                for one in fresh
            ],
        )


def write_attendance(uow: UnitOfWork, lesson_id: int, student_id: int, value: CellValue, before: StoredCell) -> None:
    """Bring the attendance row of a lesson and student to `value`; nothing is written when nothing differs."""
    present = (before.attendance, before.reason, before.minutes)
    wanted = (value.attendance, value.reason, value.minutes)
    if present == wanted:
        return
    where = (_attendance.c.lesson_id == lesson_id) & (_attendance.c.student_id == student_id)
    values = {"code": value.attendance, "reason": value.reason, "minutes": value.minutes}
    if not value.attendance:
        uow.execute(delete(_attendance).where(where))
    elif before.attendance:
        uow.execute(update(_attendance).where(where).values(**values))
    else:
        uow.execute(insert(_attendance).values(lesson_id=lesson_id, student_id=student_id, **values))


def touch_cell(uow: UnitOfWork, work_id: int, student_id: int, before: StoredCell) -> None:
    """Give a written cell its next version; a value that stood there marks it as changed for good."""
    changed = before.changed or before.value.text != ""
    uow.execute(_TOUCH, {"work": work_id, "student": student_id, "version": before.version + 1, "changed": changed})


def _item(one: _Accepted) -> Item:
    before = (one.before.value.text, one.before.version) if one.before.version else None
    after = (one.value.text, one.before.version + 1)
    return cell_item(subject(one.student.uid, one.work.uid), before, after, one.entry.comment)


def cell_item(name: str, before: tuple[str, int] | None, after: tuple[str, int], comment: str | None) -> Item:
    """How a change of a cell stands in the ledger: (value, version) before and after, and the comment given with it."""
    told: dict[str, Any] = {"value": after[0], "version": after[1]}
    if comment is not None:
        told["comment"] = FreeText(comment)
    return Item("cell", name, {"value": before[0], "version": before[1]} if before else None, told)


def _announce(uow: UnitOfWork, actor: Actor, page: CourseRow, operation: str, changed: Sequence[_Accepted]) -> int:
    if not changed:
        return _sequence(uow, page)
    sequence = bump(uow, sheets.topic_of(page.uid))
    cells = tuple((one.student.uid, one.work.uid) for one in changed)
    uow.announce(CourseChanged(page.uid, sequence, operation, actor.hat.person_uid, cells))
    announce_diaries(uow, {one.student.uid for one in changed})
    return sequence
