"""Shapes that travel to the grid: parts of a sheet, patches, answers (docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from ais_app.i18n import _, capital, month, weekday
from ais_app.journal.courses.queries.courses import title
from ais_app.journal.errors import CellsRefused, RefusedCell
from ais_app.journal.grid.grammar import codes, values
from ais_app.journal.grid.means import shown_mean
from ais_app.journal.grid.queries.cells import StoredCell
from ais_app.journal.grid.queries.patch import CellKey
from ais_app.journal.grid.queries.sheet import Sheet
from ais_app.journal.lessons.queries.columns import Column
from ais_app.journal.windows.rules import ColumnState
from ais_app.journal.windows.views import why_not

_numbers = count(1)


def patch(
    course_uid: str,
    sequence: int,
    *,
    operation: str = "",
    by: str = "",
    error: str = "",
    cells: Sequence[Sequence[Any]] = (),
    averages: Sequence[Sequence[Any]] = (),
    refused: Sequence[RefusedCell] = (),
    reload: bool = False,
) -> dict[str, Any]:
    """One patch; `n` only makes two equal ones distinct. Empty parts are left out of the wire."""
    required: dict[str, Any] = {"n": next(_numbers), "course": course_uid, "seq": sequence}
    optional = {
        "op": operation,
        "by": by,
        "error": error,
        "cells": [list(cell) for cell in cells],
        "means": [list(mean) for mean in averages],
        "refused": [[one.student, one.work, one.code, one.text, one.value, one.version, one.who] for one in refused],
        "reload": reload,
    }
    return required | {name: value for name, value in optional.items() if value}


def answer(patches: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer to one event of the grid: a patch for each of its operations."""
    return numbered({"patches": list(patches)})


def answered(full: dict[str, Any], keys: Sequence[CellKey]) -> dict[str, Any]:
    """The patch `full` as an answer to the grid whose operation has the cells `keys`: without what that grid knows.

    `n` and `course` are left out. Where the cells are exactly `keys`, `own` = [[text, version, flags?, comment?]]
    stands for `cells`.
    """
    short = {name: value for name, value in full.items() if name not in ("n", "course")}
    rows = short.get("cells", ())
    if rows and [(student, work) for student, work, *_rest in rows] == list(keys):
        short["own"] = [rest for _student, _work, *rest in short.pop("cells")]
    return short


def numbered(view: dict[str, Any]) -> dict[str, Any]:
    """A view with a number, which only makes two equal ones distinct for the browser."""
    return {"n": next(_numbers), **view}


def refusal(course_uid: str, sequence: int, operation: str, refused: CellsRefused) -> dict[str, Any]:
    """The answer to an operation of which nothing was written."""
    return patch(course_uid, sequence, operation=operation, refused=refused.cells)


def spelled_cells(
    cells: Mapping[tuple[int, int], StoredCell], students: Sequence[int], works: Sequence[int]
) -> tuple[list[dict[str, list[int]]], list[list[Any]]]:
    """The cells of a table in two parts, as most were written once and hold nothing but a value.

    (those as {text: [columns]} for each row, the others as [row, column, text, version, flags?, comment?]).
    """
    row_of = {student_id: index for index, student_id in enumerate(students)}
    column_of = {work_id: index for index, work_id in enumerate(works)}
    plain: list[dict[str, list[int]]] = [{} for _student in students]
    others: list[list[Any]] = []
    for (student_id, work_id), cell in cells.items():
        row, column = row_of[student_id], column_of[work_id]
        text, version, *rest = cell.spelled()
        if version == 1 and not rest:
            plain[row].setdefault(text, []).append(column)
        else:
            others.append([row, column, text, version, *rest])
    return plain, others


def sheet_view(sheet: Sheet, today: date) -> dict[str, Any]:
    """The snapshot of a sheet; its shape is the contract of `journal/grid/table`."""
    course, pupils, works = sheet.course, sheet.students, sheet.columns
    plain, others = spelled_cells(sheet.cells, [pupil.id for pupil in pupils], [work.id for work in works])
    return {
        "course": course.uid,
        "period": sheet.period.uid,
        "seq": sheet.sequence,
        "may": {"marks": any(work.mine for work in works), "reasons": sheet.reasons},
        "caption": _("Marks: {course}, {period}").format(course=title(course), period=sheet.period.name),
        "values": values(course),
        "codes": codes(course, reasons=sheet.reasons),
        "both": course.mark_beside_absence,
        "students": [[pupil.uid, sheet.names[pupil.uid], pupil.note] for pupil in pupils],
        "columns": [column_view(work, today) for work in works],
        "plain": plain,
        "cells": others,
        "outside": [
            [row, column]
            for row, pupil in enumerate(pupils)
            for column, work in enumerate(works)
            if not pupil.belongs_on(work.day)
        ],
        "means": [
            [shown_mean(sheet.means[pupil.id].exact, course.thresholds), sheet.means[pupil.id].count]
            for pupil in pupils
        ],
    }


def column_view(work: Column, today: date) -> dict[str, Any]:
    readable = work.state is ColumnState.OPEN and not work.mine
    return {
        "id": work.uid,
        "lesson": work.lesson_uid,
        "nth": work.ordinal,
        "date": work.day.isoformat(),
        "day": str(work.day.day),
        "weekday": weekday(work.day, short=True),
        "month": capital(month(work.day)),
        "number": work.number,
        "type": work.code,
        "typeName": work.type_name,
        "weight": work.weight,
        "control": work.is_control,
        "topic": work.topic,
        "state": ColumnState.LOCKED if readable else work.state,
        "why": _("Only its teacher writes here.") if readable else why_not(work.state, work.last_day),
        "today": work.day == today,
    }


def packed(view: dict[str, Any]) -> dict[str, Any]:
    """The snapshot as it is sent: `columns` as [names, values of the first column, …], each name once (P-6)."""
    columns = view["columns"]
    return view | {"columns": [list(columns[0]) if columns else [], *(list(column.values()) for column in columns)]}
