"""Writing cells: marks, versions, attendance, and their items of the ledger. The caller has checked who may write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import parameters, table
from ais_app.db.prepared import Prepared
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.courses.queries import students
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.queries.cells import StoredCell
from ais_app.journal.grid.rules import CellValue, CorrectionTerm, carried, continued
from ais_app.journal.lessons.queries import columns
from ais_app.ledger.operation import Operation, by_opening
from ais_app.ledger.rules import FreeText, Item, canonical_json

_cell = table(Cell)
_mark = table(Mark)
_attendance = table(Attendance)

_AT_MARKS = (_mark.c.work_id == bindparam("work"), _mark.c.student_id == bindparam("student"))
_CLEAR = Prepared(delete(_mark).where(*_AT_MARKS))
_CHANGE_ONLY_MARK = Prepared(
    update(_mark)
    .where(*_AT_MARKS, _mark.c.ordinal == 0)
    .values(
        code=bindparam("new_code"),
        hundredths=bindparam("new_hundredths"),
        comment=bindparam("new_comment"),
        written_at=bindparam("new_written_at", type_=_mark.c.written_at.type),
    )
)
ADD_MARK = Prepared(insert(_mark).values(parameters(_mark)))
ADD_CELL = Prepared(insert(_cell).values(parameters(_cell)))
_TOUCH = Prepared(
    update(_cell)
    .where(_cell.c.work_id == bindparam("work"), _cell.c.student_id == bindparam("student"))
    .values(version=bindparam("next"), changed=bindparam("corrected"))
)


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """What a cell (student uid × work uid) is to hold, and the version that the writer saw; no comment: as it is.

    `comments`: that of each mark, where the cell gets back what it held before an operation that is undone.
    """

    student: str
    work: str
    text: str
    version: int
    comment: str | None = None
    comments: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry that may be written; `before`: the cell as stored; `opening`: uid of the one that it needs, or ""."""

    entry: MarkEntry
    student: students.Student
    work: columns.Column
    value: CellValue
    before: StoredCell
    opening: str = ""

    @property
    def differs(self) -> bool:
        comment_differs = self.entry.comment is not None and self.entry.comment != self.before.comment
        comments_differ = self.entry.comments is not None and _comments(self) != self.before.comments
        return comment_differs or comments_differ or self.value != self.before.value

    @property
    def is_commented(self) -> bool:
        """Whether the entry says what the comments are."""
        return self.entry.comment is not None or self.entry.comments is not None

    def needs_moments(self, term: CorrectionTerm, now: datetime) -> bool:
        """Whether `before.written` must be read: the rows of the marks are written anew, and one of the marks stays or
        may be older than `term`.
        """
        before = self.before
        if not before.marks or (not self.is_commented and list(self.value.marks) == before.marks):
            return False
        is_old = before.since is None or term.is_over(before.since, now)
        return is_old or any(ordinal is not None for ordinal in continued(before.marks, self.value.marks))

    def corrects(self, term: CorrectionTerm, now: datetime) -> bool:
        """Whether a mark is taken away that is older than `term`; where that is possible, `before.written` was read."""
        kept = continued(self.before.marks, self.value.marks)
        written = enumerate(self.before.written)
        return any(term.is_over(moment, now) for ordinal, moment in written if ordinal not in kept)

    @property
    def changed_comment(self) -> str | None:
        """What the cell's comment has become with its marks, though none was given; None when it is as before."""
        if self.entry.comments is not None:
            comments = _comments(self)
            carried_on = carried(self.before.marks, self.before.comments, self.value.marks)
            return None if comments == carried_on else " · ".join(filter(None, comments))
        if not self.before.comment:
            return None
        comment = " · ".join(filter(None, _comments(self)))
        return comment if comment != self.before.comment else None

    @property
    def after(self) -> StoredCell:
        """The cell once this is written."""
        if not self.differs:
            return self.before
        return StoredCell(
            version=self.before.version + 1,
            changed=_corrected(self.before),
            marks=list(self.value.marks),
            comments=_comments(self),
            attendance=self.value.attendance,
            reason=self.value.reason,
            minutes=self.value.minutes,
        )


def write(op: Operation, changed: Sequence[Accepted]) -> None:
    """Write marks, attendance and the next version of each of these cells, and add its item to the operation."""
    uow = op.uow
    _write_marks(uow, changed)
    for one in changed:
        if one.work.ordinal == 1:
            write_attendance(uow, one.work.lesson_id, one.student.id, one.value, one.before)
    for one in changed:
        if one.before.version:
            touch_cell(uow, one.work.id, one.student.id, one.before)
    fresh = [
        {
            "work_id": one.work.id,
            "student_id": one.student.id,
            "version": 1,
            "changed": False,
            "entered_at": uow.now,
        }
        for one in changed
        if not one.before.version
    ]
    uow.execute(ADD_CELL, fresh)
    op.add(*[item_of(one) for one in changed])


def write_attendance(uow: UnitOfWork, lesson_id: int, student_id: int, value: CellValue, before: StoredCell) -> None:
    """Bring the attendance row of a lesson and student from `before` to `value`; nothing is written when they agree."""
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
    """Give a cell that has a row its next version; where it held a value, it is marked as changed for good."""
    following = {"next": before.version + 1, "corrected": _corrected(before)}
    uow.execute(_TOUCH, {"work": work_id, "student": student_id, **following})


def empty_cell(uow: UnitOfWork, lesson_id: int, cell_key: tuple[int, int], before: StoredCell) -> None:
    """Delete the marks and the attendance of the cell `cell_key` = (work id, student id); its version grows by one."""
    work_id, student_id = cell_key
    uow.execute(_CLEAR, {"work": work_id, "student": student_id})
    write_attendance(uow, lesson_id, student_id, CellValue(), before)
    touch_cell(uow, work_id, student_id, before)


def subject(student_uid: str, work_uid: str) -> str:
    """The subject of a cell in the ledger."""
    return f"{student_uid}:{work_uid}"


def item_of(one: Accepted) -> Item:
    """The item of the ledger for a cell that is written."""
    before = (one.before.value.text, one.before.version) if one.before.version else None
    after = (one.value.text, one.before.version + 1)
    comment = one.entry.comment if one.entry.comment is not None else one.changed_comment
    comments = () if comment is None else _comments(one)
    item = cell_item(subject(one.student.uid, one.work.uid), before, after, comment, comments)
    return by_opening(item, one.opening)


def cell_item(
    name: str,
    before: tuple[str, int] | None,
    after: tuple[str, int],
    comment: str | None = None,
    comments: Sequence[str] = (),
) -> Item:
    """The item of a cell: (text, version) before (None: no row) and after, its comment if that is said, and then the
    comment of each mark.

    From all items of a cell its rows of `cell`, `mark` and `attendance` can be rebuilt (`queries/against_ledger.py`).
    What follows from the others is no field: a mark that `rules.continued` finds in the value before keeps its moment,
    another one has that of the operation; so has a cell that was not there before; it is changed once a value was
    written over. Fields after:

    `value`, `version`. `comment`: what the first mark says, or what all of them say, with « · » between; without it
    each mark has what `rules.carried` says. `comments`, where a mark other than the first has one: the comment of each
    mark in order, as a JSON list in a free text.

    The item of a cell that was restored (`journal/restoring.py`) also has `entered_at`, its moment and that of its
    marks, in ISO 8601, and `changed`: true where a value was written over before.
    """
    values: dict[str, Any] = {"value": after[0], "version": after[1]}
    if comment is not None:
        values["comment"] = FreeText(comment)
    if any(comments[1:]):
        values["comments"] = FreeText(canonical_json(list(comments)))
    return Item("cell", name, {"value": before[0], "version": before[1]} if before else None, values)


def _corrected(before: StoredCell) -> bool:
    return bool(before.version) and (before.changed or before.value.text != "")


def _comments(one: Accepted) -> list[str]:
    """The comment of each mark. One that is given belongs to the first mark and takes the place of all others."""
    if one.entry.comments is not None:
        return [*one.entry.comments, *[""] * len(one.value.marks)][: len(one.value.marks)]
    if one.entry.comment is not None:
        return [one.entry.comment, *[""] * (len(one.value.marks) - 1)][: len(one.value.marks)]
    return carried(one.before.marks, one.before.comments, one.value.marks)


def _write_marks(uow: UnitOfWork, changed: Sequence[Accepted]) -> None:
    rows: list[dict[str, Any]] = []
    for one in changed:
        if list(one.value.marks) == one.before.marks and not one.is_commented:
            continue
        cell_key = {"work": one.work.id, "student": one.student.id}
        fresh = _mark_rows(one, uow.now)
        if len(one.before.marks) == len(fresh) == 1:
            uow.execute(_CHANGE_ONLY_MARK, cell_key | {f"new_{name}": fresh[0][name] for name in _MARK_VALUES})
            continue
        if one.before.marks:
            uow.execute(_CLEAR, cell_key)
        rows += fresh
    uow.execute(ADD_MARK, rows)


_MARK_VALUES = ("code", "hundredths", "comment", "written_at")


def _mark_rows(one: Accepted, now: datetime) -> list[dict[str, Any]]:
    before = one.before
    kept = continued(before.marks, one.value.marks)
    return [
        {
            "work_id": one.work.id,
            "student_id": one.student.id,
            "ordinal": ordinal,
            "code": mark.code,
            "hundredths": mark.hundredths,
            "comment": comment,
            "written_at": now if same is None else before.written[same],
        }
        for ordinal, (mark, comment, same) in enumerate(zip(one.value.marks, _comments(one), kept, strict=True))
    ]
