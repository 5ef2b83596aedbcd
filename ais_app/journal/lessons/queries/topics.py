"""Topics and homework: the lessons of a period as a list, with when each was written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from ais_app.db.columns import table
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries.courses import CourseRow, course
from ais_app.journal.kinds import LESSON_DESCRIBED
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.records import HOMEWORK, LESSON
from ais_app.journal.lessons.rules import written_down
from ais_app.journal.windows.queries.periods import PeriodRow, periods, present_period
from ais_app.ledger import queries as ledger
from ais_app.ledger.queries import Step
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading
from ais_app.school.models import ControlType

_lesson = table(Lesson)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the list. `position`: which one of the year; `columns` = (code of the kind, weight) of each.

    `due` = the day that was set for the homework; `topic_at`, `homework_at` = when each was written first, None where
    it is not known.
    """

    first_work: str
    day: date
    position: int
    topic: str
    homework: str
    nothing_set: bool
    due: date | None
    columns: tuple[tuple[str, int], ...]
    topic_at: datetime | None
    homework_at: datetime | None

    @property
    def is_written_down(self) -> bool:
        return written_down(self.topic, self.homework, self.nothing_set)


def topics(reading: Reading, grant: ViewGrant, period_uid: str) -> list[LessonRow]:
    """The lessons of a course in a period, in order. Raises NotYours."""
    page = course(reading, grant)
    found = periods(reading.connection, page.scheme_id)
    period = next((one for one in found if one.uid == period_uid), present_period(found, reading.today))
    rows = reading.execute(
        select(_lesson, _homework.c.text, _homework.c.nothing_set, _homework.c.due)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(_lesson.c.course_id == page.id, _lesson.c.day.between(period.first, period.last), LESSON_NOT_TAKEN_BACK)
        .order_by(_lesson.c.day, _lesson.c.number)
    ).all()
    columns, first_works = _columns(reading.connection, page, period)
    uids = [row.uid for row in rows]
    topic_at, homework_at = _first_written(reading.connection, page, uids)
    before = reading.execute(
        select(func.count())
        .select_from(_lesson)
        .where(_lesson.c.course_id == page.id, _lesson.c.day < period.first, LESSON_NOT_TAKEN_BACK)
    ).scalar_one()
    return [
        LessonRow(
            first_work=first_works[row.id],
            day=row.day,
            position=position,
            topic=row.topic,
            homework=row.text or "",
            nothing_set=bool(row.nothing_set),
            due=row.due,
            columns=tuple(columns[row.id]),
            topic_at=topic_at.get(row.uid),
            homework_at=homework_at.get(row.uid),
        )
        for position, row in enumerate(rows, before + 1)
    ]


def _first_written(
    connection: Connection, page: CourseRow, lessons: Sequence[str]
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """{uid of a lesson: when its topic was first written} and the same of its homework.

    Without what an import brought: nothing is known of when that was written. Homework was once written in the items of
    its lesson.
    """
    chain = school_chain(page.school_uid)
    of_lesson = ledger.histories(connection, chain, LESSON.name, lessons)
    of_homework = ledger.histories(connection, chain, HOMEWORK.name, lessons)
    topic_at, homework_at = dict[str, datetime](), dict[str, datetime]()
    for uid in lessons:
        steps = of_lesson.get(uid, [])
        _note_first(topic_at, uid, [step for step in steps if _has_text(step, "topic")])
        _note_first(homework_at, uid, [step for step in (*steps, *of_homework.get(uid, [])) if _sets_homework(step)])
    return topic_at, homework_at


def _note_first(moments: dict[str, datetime], uid: str, steps: Sequence[Step]) -> None:
    if steps and steps[0].kind == LESSON_DESCRIBED.name:
        moments[uid] = steps[0].moment


def _has_text(step: Step, name: str) -> bool:
    """Whether a step wrote this text; an erased one was a text."""
    return (step.after or {}).get(name, "") != ""


def _sets_homework(step: Step) -> bool:
    return _has_text(step, "text") or _has_text(step, "homework") or (step.after or {}).get("nothing_set") is True


def _columns(
    connection: Connection, page: CourseRow, period: PeriodRow
) -> tuple[dict[int, list[tuple[str, int]]], dict[int, str]]:
    """{lesson id: (code of the kind, weight) of its columns} and {lesson id: uid of its first work}."""
    columns: dict[int, list[tuple[str, int]]] = {}
    first: dict[int, str] = {}
    rows = connection.execute(
        select(_work.c.lesson_id, _work.c.uid, _work.c.weight, _type.c.code)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .where(
            _lesson.c.course_id == page.id,
            _lesson.c.day.between(period.first, period.last),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .order_by(_work.c.lesson_id, _work.c.ordinal)
    )
    for row in rows:
        columns.setdefault(row.lesson_id, []).append((row.code, row.weight))
        first.setdefault(row.lesson_id, row.uid)
    return columns, first
