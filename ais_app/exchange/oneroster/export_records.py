"""The rows of an export with what is kept in the journals: kinds of work, columns, marks, remarks, acknowledgements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ais_app.exchange.oneroster.export_tables import Index
from ais_app.journal.grid.rules import ABSENT, CellValue
from ais_app.journal.settings import MARK_ONE

Cells = Mapping[str, Any]


class Records:
    """Makes the rows of the files of marks, absences, remarks and acknowledgements."""

    def __init__(self, at: Index) -> None:
        self._at, self._held = at, at.held
        self._cells = {(row.work_id, row.student_id): row for row in self._held.cells}

    def categories(self) -> Iterator[Cells]:
        for row in self._held.types:
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "weight": row.weight,
                "metadata.ais.code": row.code,
                "metadata.ais.weight": row.weight,
                "metadata.ais.isControl": row.is_control,
                "metadata.ais.isDefault": row.is_default,
            }

    def line_items(self) -> Iterator[Cells]:
        given = {row.value for row in self._held.settings if row.key == MARK_ONE.key}
        lowest = 1 if MARK_ONE.type.spell(value=True) in given else 2
        for row in self._held.works:
            lesson, kind = self._at.lessons[row.lesson_id], self._at.types[row.control_type_id]
            course = self._at.courses[lesson.course_id]
            periods = self._at.periods.get(course.scheme_id, ())
            period = next((one.uid for one in periods if one.starts_on <= lesson.day <= one.ends_on), "")
            yield {
                "sourcedId": row.uid,
                "title": lesson.topic or f"{kind.name}, {lesson.day:%d.%m.%Y}",
                "assignDate": lesson.day,
                "dueDate": lesson.day,
                "classSourcedId": course.uid,
                "categorySourcedId": kind.uid,
                "gradingPeriodSourcedId": period,
                "resultValueMin": lowest,
                "resultValueMax": 5,
                "academicSessionSourcedId": self._at.years[course.year_id].uid,
                "schoolSourcedId": self._held.school.uid,
                "metadata.ais.lesson": lesson.uid,
                "metadata.ais.number": lesson.number,
                "metadata.ais.ordinal": row.ordinal,
                "metadata.ais.weight": row.weight,
                "metadata.ais.room": lesson.room,
                "metadata.ais.topic": lesson.topic,
                "metadata.ais.homework": lesson.text or "",
                "metadata.ais.minutes": lesson.minutes,
                "metadata.ais.nothingSet": bool(lesson.nothing_set),
                "metadata.ais.homeworkDue": lesson.due,
            }

    def results(self) -> Iterator[Cells]:
        """A row for each mark, and one for each absence or lateness, in the lesson's first column."""
        works = {row.id: row for row in self._held.works}
        first = {row.lesson_id: row for row in self._held.works if row.ordinal == 1}
        for row in self._held.attendance:
            value = CellValue((), row.code, row.reason, row.minutes)
            yield self._result(first[row.lesson_id], row.student_id, "", value.text) | {
                "scoreStatus": "exempt" if row.reason else "not submitted",
                "late": row.code != ABSENT,
                "missing": row.code == ABSENT,
            }
        for row in self._held.marks:
            score = "" if row.hundredths is None else f"{Decimal(row.hundredths) / 100:f}"
            yield self._result(works[row.work_id], row.student_id, row.ordinal, row.code) | {
                "scoreStatus": "fully graded",
                "score": score,
                "comment": row.comment,
            }

    def _result(self, work: Any, student_id: int, ordinal: int | str, code: str) -> dict[str, Any]:
        lesson, cell = self._at.lessons[work.lesson_id], self._cells[work.id, student_id]
        student = self._at.people[student_id]
        return {
            "sourcedId": f"{work.uid}-{student}-{ordinal if ordinal != '' else 'a'}",
            "lineItemSourcedId": work.uid,
            "studentSourcedId": student,
            "scoreDate": lesson.day,
            "textScore": code,
            "classSourcedId": self._at.courses[lesson.course_id].uid,
            "metadata.ais.ordinal": ordinal,
            "metadata.ais.code": code,
            "metadata.ais.changed": cell.changed,
            "metadata.ais.enteredAt": cell.entered_at,
        }

    def remarks(self) -> Iterator[Cells]:
        for row in self._held.remarks:
            yield {
                "sourcedId": row.uid,
                "lesson": self._at.lessons[row.lesson_id].uid,
                "studentSourcedId": self._at.people[row.student_id],
                "authorSourcedId": self._at.people[row.author_id],
                "text": row.text,
                "createdAt": row.created_at,
                "withdrawnAt": row.withdrawn_at,
            }

    def acknowledgements(self) -> Iterator[Cells]:
        for row in self._held.acknowledgements:
            yield {
                "studentSourcedId": self._at.people[row.student_id],
                "guardianSourcedId": self._at.people[row.guardian_id],
                "monday": row.monday,
                "at": row.at,
            }
