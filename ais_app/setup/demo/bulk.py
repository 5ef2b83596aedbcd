"""Lessons and marks in bulk: the same rows and the same ledger as the services write, in a few statements a day.

For large demonstration schools and for benchmarks; no rights are checked, since only the operator uses it.
`tests/unit/test_large_demonstration.py` compares every row with what the services write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.db.feeds import FeedSequence
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid import rules
from ais_app.journal.grid.service.cells import ADD_CELL, ADD_MARK, cell_item, subject
from ais_app.journal.kinds import LESSON_DESCRIBED, MARKS_ENTERED, WORK_CHANGED
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.records import HOMEWORK, LESSON, WORK
from ais_app.ledger import records
from ais_app.ledger import service as ledger
from ais_app.ledger.kinds import Kind as OperationKind
from ais_app.ledger.rules import Item
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor
from ais_app.school.rules import PersonRef
from ais_app.setup.demo.curriculum import PlannedLesson

_lesson, _work, _homework = table(Lesson), table(Work), table(Homework)
_attendance, _feed = table(Attendance), table(FeedSequence)

_DESCRIBE = update(_lesson).where(_lesson.c.id == bindparam("of")).values(topic=bindparam("said"), version=2)
_RETYPE = (
    update(_work)
    .where(_work.c.id == bindparam("of"))
    .values(control_type_id=bindparam("kind"), weight=bindparam("counts"))
)
_COUNT_ON = (
    update(_feed).where(_feed.c.topic == bindparam("name")).values(sequence=_feed.c.sequence + bindparam("more"))
)


@dataclass(frozen=True, slots=True)
class HeldLesson:
    """A lesson that is empty so far, with its only work and the uid of its course."""

    id: int
    uid: str
    work_id: int
    work_uid: str
    course: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A control type."""

    id: int
    uid: str
    weight: int


class Batch:
    """Gathers the lessons of a day; `write` writes them. A lesson may be given once only: its rows must be new."""

    def __init__(self, uow: UnitOfWork, school: SchoolRef, ordinary: Kind) -> None:
        self._uow, self._school, self._ordinary, self._now = uow, school, ordinary, uow.now
        self._lessons: list[dict[str, Any]] = []
        self._homework: list[dict[str, Any]] = []
        self._works: list[dict[str, Any]] = []
        self._marks: list[dict[str, Any]] = []
        self._cells: list[dict[str, Any]] = []
        self._attendance: list[dict[str, Any]] = []
        self._operations: list[ledger.Entry] = []
        self._feeds: Counter[str] = Counter()

    def describe(self, actor: Actor, lesson: HeldLesson, planned: PlannedLesson, students: Sequence[str]) -> None:
        """Gather topic and homework of a lesson; `students`: uids, whose feeds count the change."""
        written = {
            "lesson_id": lesson.id,
            "text": planned.homework or "",
            "minutes": (planned.minutes or None) if planned.homework else None,
            "nothing_set": planned.homework is None,
            "due": None,
        }
        topic = records.changed(LESSON, {"uid": lesson.uid, "topic": ""}, {"topic": planned.topic}, {})
        items = [topic] if topic else []
        self._lessons.append({"of": lesson.id, "said": planned.topic})
        if planned.homework != "":
            self._homework.append(written)
            items.append(records.inserted(HOMEWORK, written, {"lesson": {lesson.id: lesson.uid}}))
        self._append(actor, LESSON_DESCRIBED, items, lesson, students)

    def change_work(self, actor: Actor, lesson: HeldLesson, kind: Kind, students: Sequence[str]) -> None:
        """Gather another control type of the lesson's column; nothing when it is the ordinary one."""
        before = self._ordinary
        if kind.id == before.id:
            return
        self._works.append({"of": lesson.work_id, "kind": kind.id, "counts": kind.weight})
        row = {"uid": lesson.work_uid, "control_type_id": before.id, "weight": before.weight}
        after, types = {"control_type_id": kind.id, "weight": kind.weight}, {before.id: before.uid, kind.id: kind.uid}
        item = records.changed(WORK, row, after, {"control_type": types})
        self._append(actor, WORK_CHANGED, [item] if item else [], lesson, students)

    def enter(
        self, actor: Actor, lesson: HeldLesson, entries: Sequence[tuple[PersonRef, str, str | None]], *, graded: bool
    ) -> None:
        """Gather the cells of a lesson, given as (student, text, comment), as one operation."""
        if not entries:
            return
        items = []
        for student, text, comment in entries:
            value = rules.parse_cell(text, mark_one=False, graded=graded)
            cell = {"work_id": lesson.work_id, "student_id": student.id}
            self._cells.append({**cell, "version": 1, "changed": False, "entered_at": self._now})
            self._marks += [
                {
                    **cell,
                    "ordinal": ordinal,
                    "code": mark.code,
                    "hundredths": mark.hundredths,
                    "comment": (comment or "") if ordinal == 0 else "",
                    "written_at": self._now,
                }
                for ordinal, mark in enumerate(value.marks)
            ]
            if value.attendance:
                self._attendance.append(
                    {
                        "lesson_id": lesson.id,
                        "student_id": student.id,
                        "code": value.attendance,
                        "reason": value.reason,
                        "minutes": value.minutes,
                    }
                )
            items.append(cell_item(subject(student.uid, lesson.work_uid), None, (value.text, 1), comment))
        self._append(actor, MARKS_ENTERED, items, lesson, [student.uid for student, _text, _comment in entries])

    def write(self) -> None:
        """Write what was gathered, with its operations of the ledger and the numbers of the feeds."""
        for statement, rows in (
            (_DESCRIBE, self._lessons),
            (insert(_homework), self._homework),
            (_RETYPE, self._works),
            (insert(_attendance), self._attendance),
        ):
            if rows:
                self._uow.execute(statement, rows)
        self._uow.execute(ADD_CELL, self._cells)
        self._uow.execute(ADD_MARK, self._marks)
        chain = ledger.lock(self._uow, ledger.school_chain(self._school.uid))
        ledger.append_all(self._uow, chain, self._operations)
        self._count_on()

    def _append(
        self, actor: Actor, kind: OperationKind, items: Sequence[Item], lesson: HeldLesson, students: Sequence[str]
    ) -> None:
        self._operations.append(ledger.Entry(actor.author, kind.name, items, moment=self._now))
        self._feeds[f"course:{lesson.course}"] += 1
        self._feeds.update({f"student:{student}": 1 for student in students})

    def _count_on(self) -> None:
        known = pairs(
            self._uow.execute(select(_feed.c.topic, _feed.c.sequence).where(_feed.c.topic.in_(list(self._feeds))))
        )
        fresh = [{"topic": feed, "sequence": count} for feed, count in self._feeds.items() if feed not in known]
        more = [{"name": feed, "more": count} for feed, count in self._feeds.items() if feed in known]
        for statement, rows in ((insert(_feed), fresh), (_COUNT_ON, more)):
            if rows:
                self._uow.execute(statement, rows)
