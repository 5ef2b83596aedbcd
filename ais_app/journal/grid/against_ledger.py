"""Whether the cells of the journal hold what the ledger says: each is folded from all its items and compared.

What an item says and what follows from it: `journal/grid/service/cells.py: cell_item`. Cells are taken in batches, in
the order of their subjects, sorted by the database: memory does not grow with the years.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, true

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.i18n import _
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.rules import BadCell, CellValue, carried, continued, parse_cell
from ais_app.journal.lessons.models import Work
from ais_app.ledger.fault import Fault
from ais_app.ledger.folding import WHOLE, Part, steps_of
from ais_app.ledger.models import Operation, OperationItem, OperationText
from ais_app.ledger.rules import after_of
from ais_app.people.models import Person

_operation, _item, _text = table(Operation), table(OperationItem), table(OperationText)
_person, _work, _cell, _mark, _attendance = table(Person), table(Work), table(Cell), table(Mark), table(Attendance)

BATCH = 500  # cells that are compared at a time
COMMENT, COMMENTS = "comment", "comments"  # fields of an item

_STUDENTS = Prepared(select(_person.c.uid, _person.c.id).where(_person.c.uid.in_(bindparam("uids", expanding=True))))
_WORKS = Prepared(select(_work.c.uid, _work.c.id).where(_work.c.uid.in_(bindparam("uids", expanding=True))))
_TEXTS = Prepared(
    select(_text.c.item_id, _text.c.field, _text.c.text).where(_text.c.item_id.in_(bindparam("items", expanding=True)))
)


def _of(rows: Any, work_id: Any) -> Any:
    works, students = bindparam("works", expanding=True), bindparam("students", expanding=True)
    return work_id.in_(works) & rows.c.student_id.in_(students)


_CELLS = Prepared(select(_cell).where(_of(_cell, _cell.c.work_id)))
_MARKS = Prepared(select(_mark).where(_of(_mark, _mark.c.work_id)).order_by(_mark.c.ordinal))
_ATTENDED = Prepared(
    select(_attendance, _work.c.id.label("work_id"))
    .join(_work, (_work.c.lesson_id == _attendance.c.lesson_id) & (_work.c.ordinal == 1))
    .where(_of(_attendance, _work.c.id), _work.c.taken_back_at.is_(None))
)

# A mark as it is compared: its ordinal, code, hundredths, when it was written, its comment (None: it was erased).
MarkRow = tuple[int, str, int | None, datetime, str | None]


@dataclass(slots=True)
class _Rows:
    """The rows of a cell, as they are or as the ledger says them; `written`, `entered_at` are moments in UTC."""

    version: int = 0
    changed: bool = False
    entered_at: datetime | None = None
    marks: list[MarkRow] = field(default_factory=list[MarkRow])
    attendance: tuple[str, str, int | None] = ("", "", None)

    @property
    def text(self) -> str:
        code, reason, minutes = self.attendance
        attended = CellValue((), code, reason, minutes).text
        return "/".join(filter(None, (attended, *(mark[1] for mark in self.marks))))


@dataclass(slots=True)
class _Step:
    """One item of a cell: what it says after ({} = it went), its moment, and the operation."""

    item: int
    after: dict[str, Any]
    moment: datetime
    operation: str


def cell_faults(connection: Connection, part: Part = WHOLE) -> Iterator[Fault]:
    """Every cell that holds something else than the ledger says, and every mark or absence that it does not know.

    The last are not looked for where only what was touched since a moment is.
    """
    batch: dict[str, list[_Step]] = {}
    statement = steps_of("cell", part, _item.c.id, _operation.c.moment)
    rows = connection.execution_options(yield_per=5_000).execute(statement)
    for subject, steps in groupby(rows, key=lambda row: row.subject):
        batch[subject] = [_Step(row.id, after_of(row.data) or {}, row.moment, row.uid) for row in steps]
        if len(batch) == BATCH:
            yield from _compared(connection, batch)
            batch = {}
    yield from _compared(connection, batch)
    if part.since is None:
        yield from _unknown(connection, part)


def comments_before(connection: Connection, operation: str, subjects: Sequence[str]) -> dict[str, list[str]]:
    """{cell: the comment of each of its marks before an operation (uid)}; one that was erased is empty."""
    batch: dict[str, list[_Step]] = {subject: [] for subject in subjects}
    statement = steps_of("cell", WHOLE, _item.c.id, _operation.c.moment)
    for start in range(0, len(subjects), BATCH):
        some = _item.c.subject.in_(subjects[start : start + BATCH])
        for row in connection.execute(statement.where(some)):
            step = _Step(row.id, after_of(row.data) or {}, row.moment, row.uid)
            batch[row.subject].append(step)
    for steps in batch.values():
        own = next((place for place, step in enumerate(steps) if step.operation == operation), len(steps))
        del steps[own:]
    _fill_comments(connection, [step for steps in batch.values() for step in steps])
    return {subject: [mark[4] or "" for mark in _folded(steps).marks] for subject, steps in batch.items()}


def _compared(connection: Connection, batch: Mapping[str, Sequence[_Step]]) -> Iterator[Fault]:
    if not batch:
        return
    _fill_comments(connection, [step for steps in batch.values() for step in steps])
    held = _held(connection, batch)
    for subject, steps in batch.items():
        after = steps[-1].after
        said = after.get("value", ""), after.get("version", 0)
        cell, by = held.get(subject) or _Rows(), steps[-1].operation
        if (cell.text, cell.version) != said:
            what = _("holds «{held}» (version {version}), operation {operation} says «{said}» ({last})")
            told = {"held": cell.text, "version": cell.version, "operation": by, "said": said[0], "last": said[1]}
            yield Fault("cell", subject, what.format(**told))
        else:
            yield from (Fault("cell", subject, what) for what in _differences(cell, _folded(steps), by))


def _folded(steps: Iterable[_Step]) -> _Rows:
    """The rows of a cell as its items say them, one after another."""
    rows, value, comments = _Rows(), CellValue(), list[str | None]()
    for step in steps:
        after, at = step.after, step.moment
        if not after:  # there is no row any more
            rows, value, comments = _Rows(), CellValue(), []
            continue
        if "entered_at" in after:
            at = datetime.fromisoformat(after["entered_at"])
        before, value = value, _value(after.get("value", ""))
        kept = continued(before.marks, value.marks)
        comments = _comments(after, value) or carried(before.marks, comments, value.marks)
        rows = _Rows(
            version=after.get("version", 0),
            changed=after.get("changed", rows.changed or before.text != ""),
            entered_at=rows.entered_at or at,
            marks=[
                (ordinal, mark.code, mark.hundredths, at if same is None else rows.marks[same][3], comment)
                for ordinal, (mark, comment, same) in enumerate(zip(value.marks, comments, kept, strict=True))
            ],
            attendance=(value.attendance, value.reason, value.minutes),
        )
    return rows


@lru_cache(maxsize=10_000)
def _value(text: str) -> CellValue:
    try:
        return parse_cell(text, mark_one=True)
    except BadCell:
        return CellValue()


def _comments(after: Mapping[str, Any], value: CellValue) -> list[str | None]:
    """The comment of each mark as an item says it, None = erased; empty where it does not say it."""
    if COMMENT not in after and COMMENTS not in after:
        return []
    erased = COMMENTS in after and after[COMMENTS] is None
    said = json.loads(after[COMMENTS]) if after.get(COMMENTS) else [after.get(COMMENT)]
    rest = len(value.marks) - len(said)
    return [None] * len(value.marks) if erased else [*said, *[""] * rest][: len(value.marks)]


def _fill_comments(connection: Connection, steps: Iterable[_Step]) -> None:
    """Put the texts of comments in the place of their hashes; None where one was erased."""
    sealed = {step.item: step.after for step in steps if COMMENT in step.after}
    ids = list(sealed)
    texts = {
        (row.item_id, row.field): row.text
        for start in range(0, len(ids), BATCH)
        for row in _TEXTS.all(connection, {"items": ids[start : start + BATCH]})
    }
    for item, after in sealed.items():
        for name in {COMMENT, COMMENTS} & after.keys():
            after[name] = texts.get((item, f"after.{name}"))


def _held(connection: Connection, subjects: Iterable[str]) -> dict[str, _Rows]:
    """{subject: its rows} of those of these cells that have any."""
    keys = {subject: subject.partition(":") for subject in subjects}
    students = _ids(connection, _STUDENTS, {student for student, _colon, _work in keys.values()})
    works = _ids(connection, _WORKS, {work for _student, _colon, work in keys.values()})
    if not students or not works:
        return {}
    asked = {"works": list(works.values()), "students": list(students.values())}
    found: dict[tuple[int, int], _Rows] = {}
    for row in _CELLS.all(connection, asked):
        found[row.student_id, row.work_id] = _Rows(row.version, bool(row.changed), row.entered_at)
    for row in _MARKS.all(connection, asked):
        cell = found.setdefault((row.student_id, row.work_id), _Rows())
        cell.marks.append((row.ordinal, row.code, row.hundredths, row.written_at, row.comment))
    for row in _ATTENDED.all(connection, asked):
        cell = found.setdefault((row.student_id, row.work_id), _Rows())
        cell.attendance = (row.code, row.reason, row.minutes)
    places = {subject: (students.get(key[0], 0), works.get(key[2], 0)) for subject, key in keys.items()}
    return {subject: found[place] for subject, place in places.items() if place in found}


def _ids(connection: Connection, statement: Prepared, uids: set[str]) -> dict[str, int]:
    return {row.uid: row.id for row in statement.all(connection, {"uids": sorted(uids)})}


def _differences(held: _Rows, said: _Rows, by: str) -> Iterator[str]:
    """What the rows of a cell that has the right value and version hold otherwise than operation `by` left them."""
    if (held.changed, held.entered_at) != (said.changed, said.entered_at):
        yield _("was entered {held}, operation {operation} says {said}").format(
            held=_first(held), operation=by, said=_first(said)
        )
    if held.attendance != said.attendance:
        yield _("its attendance is {held}, operation {operation} says {said}").format(
            held=_absence(held), operation=by, said=_absence(said)
        )
    if len(held.marks) != len(said.marks):
        yield _("has {held} marks, operation {operation} says {said}").format(
            held=len(held.marks), operation=by, said=len(said.marks)
        )
        return
    marks = list(zip(held.marks, said.marks, strict=True))
    for mark, right in marks:
        if mark[:4] != right[:4]:
            yield _("its mark is {held}, operation {operation} says {said}").format(
                held=_mark_in_words(mark), operation=by, said=_mark_in_words(right)
            )
    if any(right[4] not in (None, mark[4]) for mark, right in marks):
        yield _("its comment is another one than operation {operation} says").format(operation=by)


def _first(rows: _Rows) -> str:
    return f"{rows.entered_at}{_(' and changed') if rows.changed else ''}"


def _absence(rows: _Rows) -> str:
    return "/".join(str(part or "") for part in rows.attendance)


def _mark_in_words(mark: MarkRow) -> str:
    ordinal, code, hundredths, written, _comment = mark
    return _("{number}: «{code}», counts {hundredths}, of {written}").format(
        number=ordinal, code=code, hundredths=hundredths, written=written
    )


def _unknown(connection: Connection, part: Part) -> Iterator[Fault]:
    """Rows of cells in no operation; marks and absences that belong to no row of a cell."""
    subject = _person.c.uid + ":" + _work.c.uid
    in_ledger = exists().where(_item.c.entity == "cell", _item.c.subject == subject)
    first = (_work.c.lesson_id == _attendance.c.lesson_id) & (_work.c.ordinal == 1)
    for name, rows, work, known in (
        ("cell", _cell, _work.c.id == _cell.c.work_id, in_ledger),
        ("mark", _mark, _work.c.id == _mark.c.work_id, _of_cell(_mark.c.student_id)),
        ("attendance", _attendance, first & _work.c.taken_back_at.is_(None), _of_cell(_attendance.c.student_id)),
    ):
        statement = (
            select(subject.label("subject"))
            .select_from(rows)
            .join(_work, work)
            .join(_person, _person.c.id == rows.c.student_id)
            .where(~known, true() if part.school_id is None else _person.c.school_id == part.school_id)
            .distinct()
        )
        for row in connection.execute(statement):
            yield Fault(name, row.subject, _("is in no operation"))


def _of_cell(student_id: Any) -> Any:
    return exists().where(_cell.c.work_id == _work.c.id, _cell.c.student_id == student_id)
