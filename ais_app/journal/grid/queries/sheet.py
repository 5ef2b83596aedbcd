"""The sheet: everything the grid shows of a course in one grading period."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from ais_app.db.topics import sequence_of
from ais_app.i18n import _
from ais_app.journal.courses.queries.courses import CourseRow, title
from ais_app.journal.courses.queries.students import names, students
from ais_app.journal.events import topic_of
from ais_app.journal.grid import means as rules
from ais_app.journal.grid.grammar import codes, may_set_reasons, values
from ais_app.journal.grid.queries.cells import belonging, means_of, stored_cells
from ais_app.journal.grid.wire import column_view, spelled_cells
from ais_app.journal.lessons.queries.columns import columns
from ais_app.journal.windows.queries.periods import PeriodRow
from ais_app.rights.rules import Actor


def sheet(connection: Connection, actor: Actor, course: CourseRow, period: PeriodRow, today: date) -> dict[str, Any]:
    """The snapshot the grid opens with; its shape is the contract of `journal/grid/table`."""
    pupils = students(connection, course.group_id, period.first, period.last)
    works = columns(connection, actor, course, period.first, period.last, today)
    cells = belonging(
        stored_cells(connection, [work.id for work in works]),
        {pupil.id: pupil for pupil in pupils},
        {work.id: work.day for work in works},
    )
    shown = names(connection, actor, pupils, today)
    averages = means_of(cells, {work.id: work.weight for work in works}, [pupil.id for pupil in pupils])
    plain, others = spelled_cells(cells, [pupil.id for pupil in pupils], [work.id for work in works])
    return {
        "course": course.uid,
        "period": period.uid,
        "seq": sequence_of(connection, topic_of(course.uid)),
        "may": {"marks": any(work.mine for work in works), "reasons": may_set_reasons(actor, course)},
        "caption": _("Marks: {course}, {period}").format(course=title(course), period=period.name),
        "values": values(course),
        "codes": codes(course, reasons=may_set_reasons(actor, course)),
        "both": course.mark_beside_absence,
        "students": [[pupil.uid, shown[pupil.uid], pupil.note] for pupil in pupils],
        "columns": [column_view(work, today) for work in works],
        "plain": plain,
        "cells": others,
        "outside": [
            [row, column]
            for row, pupil in enumerate(pupils)
            for column, work in enumerate(works)
            if not pupil.belongs_on(work.day)
        ],
        "means": [[rules.shown_mean(averages[pupil.id].exact), averages[pupil.id].count] for pupil in pupils],
    }
