"""Cells that are written with everything that they held elsewhere: their rows, their items, and both ways back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from ais_app.db.columns import pairs, table
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.queries.cells import stored_cells
from ais_app.journal.grid.rules import CellValue, parse_cell
from ais_app.journal.grid.service.cells import ADD_CELL, ADD_MARK, cell_item
from ais_app.journal.lessons.models import Work
from ais_app.ledger.operation import Operation
from ais_app.ledger.putting_back import NotAsLeft
from ais_app.ledger.rules import FreeText, Item, canonical_json, spelled_moment
from ais_app.ledger.standing import DoneItem
from ais_app.people.models import Person

_cell, _mark, _attendance = table(Cell), table(Mark), table(Attendance)
_work, _person = table(Work), table(Person)


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell held: its value, a comment for each mark, when it was first written, whether it was ever changed."""

    value: CellValue
    comments: Sequence[str]
    entered_at: datetime
    changed: bool


def row(content: Content) -> dict[str, Any]:
    """The row of a cell, without its place."""
    return {"version": 1, "changed": content.changed, "entered_at": content.entered_at}


def marks(content: Content) -> list[dict[str, Any]]:
    """The rows of its marks, without their place."""
    return [
        {
            "ordinal": ordinal,
            "code": mark.code,
            "hundredths": mark.hundredths,
            "comment": comment,
            "written_at": content.entered_at,
        }
        for ordinal, (mark, comment) in enumerate(zip(content.value.marks, content.comments, strict=True))
    ]


def attendance(content: Content) -> dict[str, Any]:
    """The row of the absence beside it, without its place."""
    value = content.value
    return {
        "code": value.attendance,
        "reason": value.reason,
        "minutes": value.minutes,
    }


def item(name: str, content: Content) -> Item:
    """The item of a cell, with what a fold cannot know from the operation: see `cell_item`."""
    joined = " · ".join(filter(None, content.comments))
    made = cell_item(name, None, (content.value.text, 1), joined or None)
    more: dict[str, Any] = {"entered_at": spelled_moment(content.entered_at)}
    if content.changed:
        more["changed"] = True
    if any(content.comments[1:]):
        more["comments"] = FreeText(canonical_json(list(content.comments)))
    return replace(made, after={**(made.after or {}), **more})


def put_back(op: Operation, items: Sequence[DoneItem]) -> None:
    """Make cells what they were before these items, which brought them or took them away: with all that they hold.

    Raises NotAsLeft where a cell is not as the item left it, or was only changed by it.
    """
    for comes, some in groupby(items, key=lambda one: one.after is None):
        (_bring_cells if comes else _take_cells)(op, list(some))


def _bring_cells(op: Operation, items: Sequence[DoneItem]) -> None:
    """Write the cells that these items took away."""
    places = _places(op, items)
    cells: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    absences: list[dict[str, Any]] = []
    for one in items:
        content, place = _content(one.before or {}), places[one.subject]
        at = {"work_id": place.work_id, "student_id": place.student_id}
        cells.append(at | row(content))
        given += [at | mark for mark in marks(content)]
        if content.value.attendance:
            absences.append({"lesson_id": place.lesson_id, "student_id": place.student_id} | attendance(content))
        op.add(item(one.subject, content))
    op.uow.execute(ADD_CELL, cells)
    op.uow.execute(ADD_MARK, given)
    if absences:
        op.uow.execute(insert(_attendance), absences)


def _take_cells(op: Operation, items: Sequence[DoneItem]) -> None:
    """Delete the cells that these items brought."""
    places = _places(op, items)
    held = stored_cells(
        op.uow.connection, {one.work_id for one in places.values()}, {one.student_id for one in places.values()}
    )
    absent: list[dict[str, int]] = []
    for one in items:
        place, content = places[one.subject], _content(one.after or {})
        cell = held.get((place.student_id, place.work_id))
        if one.before is not None or cell is None or (cell.value, cell.version) != (content.value, 1):
            raise NotAsLeft
        if content.value.attendance:
            absent.append({"lesson": place.lesson_id, "student": place.student_id})
        op.add(Item("cell", one.subject, item("", content).after, None))
    keys = [{"work": place.work_id, "student": place.student_id} for place in places.values()]
    for rows in (_mark, _cell):
        where = (rows.c.work_id == bindparam("work"), rows.c.student_id == bindparam("student"))
        op.uow.execute(delete(rows).where(*where), keys)
    if absent:
        where = (_attendance.c.lesson_id == bindparam("lesson"), _attendance.c.student_id == bindparam("student"))
        op.uow.execute(delete(_attendance).where(*where), absent)


def _content(values: Mapping[str, Any]) -> Content:
    """A cell as the side of its item says it. Raises NotAsLeft for one that was entered here."""
    if "entered_at" not in values:
        raise NotAsLeft
    value = parse_cell(values["value"], mark_one=True)
    said = json.loads(values["comments"]) if values.get("comments") else [values.get("comment") or ""]
    comments = [*said, *[""] * len(value.marks)][: len(value.marks)]
    entered = datetime.fromisoformat(values["entered_at"])
    return Content(value, comments, entered, bool(values.get("changed")))


class _Place(NamedTuple):
    """Where a cell is: ids of its student, column and lesson."""

    student_id: int
    work_id: int
    lesson_id: int


def _places(op: Operation, items: Sequence[DoneItem]) -> dict[str, _Place]:
    """{subject: its place}. Raises NotAsLeft where the student or the column is not there."""
    keys = {one.subject: one.subject.partition(":") for one in items}
    named, called = {key[0] for key in keys.values()}, {key[2] for key in keys.values()}
    students = pairs(op.uow.execute(select(_person.c.uid, _person.c.id).where(_person.c.uid.in_(named))))
    columns = (_work.c.uid, _work.c.id, _work.c.lesson_id)
    works = {row.uid: row for row in op.uow.execute(select(*columns).where(_work.c.uid.in_(called)))}
    if named - students.keys() or called - works.keys():
        raise NotAsLeft
    found: dict[str, _Place] = {}
    for subject, (student, _colon, work) in keys.items():
        found[subject] = _Place(students[student], works[work].id, works[work].lesson_id)
    return found
