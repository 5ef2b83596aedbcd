"""The week of a student: lessons, homework by its day, marks, absences, remarks, what is new, what was seen of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from ais_app.db.columns import holds_on, table
from ais_app.db.feeds import sequence_of
from ais_app.db.prepared import Prepared
from ais_app.diary.queries import student_context
from ais_app.diary.queries.acknowledgements import AcknowledgementLine, SinceSigned, acknowledged_by, since_signed
from ais_app.diary.queries.corrections import Correction, corrections
from ais_app.diary.queries.news import News, last_known, news, written_since
from ais_app.diary.queries.parameters import FIRST, LAST, STUDENT
from ais_app.diary.queries.student_context import StudentContext
from ais_app.diary.queries.students import feed_of, student_id
from ais_app.diary.queries.tasks import TaskLine, belongs, tasks
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.rules import CellValue
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.following import following_day
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.remarks.models import Remark
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.school.models import AcademicYear, ControlType, Course, Enrollment
from ais_app.school_settings.queries import SettingValues, values_of

AHEAD = timedelta(days=13)  # from a Monday: homework is read to the Sunday of the week after

_enrollment = table(Enrollment)
_lesson = table(Lesson)
_course = table(Course)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)
_mark = table(Mark)
_cell = table(Cell)
_remark = table(Remark)
_attendance = table(Attendance)
_year = table(AcademicYear)


# The week of a family is read at every mark of its child: these are spelled once (P-4).
_IN_LESSONS = bindparam("lessons", expanding=True)
_LESSONS = Prepared(
    select(
        _lesson,
        _course.c.name.label("course"),
        _course.c.year_id,
        _homework.c.text,
        _homework.c.minutes,
        _homework.c.nothing_set,
        _homework.c.due,
        following_day(belongs).label("following"),
        _attendance.c.code.label("absence"),
        _attendance.c.reason.label("absence_reason"),
        _attendance.c.minutes.label("minutes_late"),
    )
    .select_from(_lesson)
    .join(_course, _course.c.id == _lesson.c.course_id)
    .join(_enrollment, _enrollment.c.group_id == _course.c.group_id)
    .join(_year, _year.c.id == _course.c.year_id)  # or every course of his life is looked through (P-13)
    .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
    .outerjoin(_attendance, and_(_attendance.c.lesson_id == _lesson.c.id, _attendance.c.student_id == STUDENT))
    .where(
        _enrollment.c.person_id == STUDENT,
        holds_on(_enrollment, _lesson.c.day),
        _year.c.starts_on <= LAST,
        _year.c.ends_on >= FIRST,
        _lesson.c.day.between(FIRST, LAST),
        LESSON_NOT_TAKEN_BACK,
    )
    .order_by(_lesson.c.day, _lesson.c.number, _course.c.id)
)
_WORKS = Prepared(
    select(
        _work.c.id,
        _work.c.uid,
        _work.c.lesson_id,
        _work.c.weight,
        _type.c.name,
        _type.c.is_control,
        _cell.c.changed,
    )
    .select_from(_work)
    .join(_type, _type.c.id == _work.c.control_type_id)
    .outerjoin(_cell, and_(_cell.c.work_id == _work.c.id, _cell.c.student_id == STUDENT))
    .where(_work.c.lesson_id.in_(_IN_LESSONS), WORK_NOT_TAKEN_BACK)
    .order_by(_work.c.lesson_id, _work.c.ordinal)
)
_MARKS = Prepared(
    select(_mark.c.work_id, _mark.c.code, _mark.c.comment)
    .where(_mark.c.work_id.in_(bindparam("works", expanding=True)), _mark.c.student_id == STUDENT)
    .order_by(_mark.c.work_id, _mark.c.ordinal)
)
_REMARKS = Prepared(
    select(_remark.c.lesson_id, _remark.c.text, _remark.c.created_at)
    .where(_remark.c.student_id == STUDENT, _remark.c.lesson_id.in_(_IN_LESSONS), _remark.c.withdrawn_at.is_(None))
    .order_by(_remark.c.id)
)


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark in the cell of the work `uid`: «5», with the kind of work, its weight and the teacher's comment."""

    uid: str
    code: str
    work: str
    weight: int
    comment: str


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson with what was set at it (`homework`, to be done by `due` if that day is known) and for it (`tasks`).

    `first_work`: uid of the work whose cell shows its attendance. `new`: how many of its cells and remarks were written
    since the last visit, corrections among them.
    """

    uid: str
    number: int
    begins: str
    ends: str
    subject: str
    teachers: tuple[str, ...]
    room: str
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    due: date | None
    tasks: tuple[TaskLine, ...]
    control: str
    marks: tuple[MarkLine, ...]
    attendance: str
    remarks: tuple[str, ...]
    first_work: str
    corrections: tuple[Correction, ...]
    new: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """`holiday` and the day until which it lasts, if it is one. `beside`: what is due on a day without its lesson."""

    day: date
    holiday: str
    holiday_until: date | None
    lessons: tuple[LessonLine, ...]
    beside: tuple[TaskLine, ...]

    @property
    def tasks(self) -> list[TaskLine]:
        """All that is due on this day."""
        return [*(task for lesson in self.lessons for task in lesson.tasks), *self.beside]


@dataclass(frozen=True, slots=True)
class Week:
    """A student's week; `sequence` is the number of the last change that it shows. `tasks`: homework by the day on
    which it is due, from the week's Monday on; `news`: lessons (uids) whose homework is new, `new_before`: how many
    cells of the week before are. `next_lesson`: the day of the first one after a week in which nothing is. `values`:
    what the school has set.
    """

    student: str
    context: StudentContext
    sequence: int
    days: tuple[DayLine, ...]
    tasks: tuple[TaskLine, ...]
    news: frozenset[str]
    new_before: int
    acknowledged: tuple[AcknowledgementLine, ...]
    since: SinceSigned
    next_lesson: date | None
    values: SettingValues

    @property
    def grade(self) -> int:
        return self.context.grade


def week(reading: Reading, student_uid: str, monday: date, *, with_news: bool) -> Week:
    """The lessons of a student from `monday` on; Saturday and Sunday only when there is something on them.

    Without `with_news` nothing is marked as new. Raises NotYours for absent and foreign alike.
    """
    found = student_id(reading, student_uid)
    if found is None:
        raise NotYours
    span = DaySpan(monday, monday + timedelta(days=6))
    rows = _lessons(reading.connection, found, span)
    free = student_context.holidays(reading.connection, {row.year_id for row in rows}, found, span)
    due = tasks(reading.connection, found, DaySpan(monday, monday + AHEAD), reading.today, free)
    works = _works(reading.connection, found, [row.id for row in rows])
    shown = ([work.uid for work in works], list({*(row.uid for row in rows), *(task.lesson for task in due)}))
    since = last_known(reading, found) if with_news else None
    new = news(reading, student_uid, shown, since)
    acknowledged = acknowledged_by(reading.connection, found, monday)
    himself, before = (found, student_uid), monday - timedelta(days=7)
    wrong = corrections(reading, student_uid, [work.uid for work in works if work.changed])
    lessons = _lessons_in_full(reading.connection, found, span, (rows, works, due), (new, wrong))
    days = tuple(_days(span, lessons, due, free))
    idle = not any(day.lessons or day.beside for day in days)
    return Week(
        student=student_uid,
        context=student_context.context(reading.connection, found, span),
        sequence=sequence_of(reading.connection, feed_of(student_uid)),
        days=days,
        tasks=tuple(due),
        news=new.homework,
        new_before=written_since(reading, himself, before, since) if since else 0,
        acknowledged=tuple(acknowledged),
        since=(since_signed(reading, himself, monday) if acknowledged else None) or SinceSigned(),
        next_lesson=_first_lesson_after(reading.connection, found, span.last) if idle else None,
        values=values_of(reading.connection, reading.hat.school_id),
    )


def _first_lesson_after(connection: Connection, student_id: int, day: date) -> date | None:
    """The day of the student's first lesson after `day`, in whatever year it is laid out."""
    return connection.execute(
        select(func.min(_lesson.c.day))
        .select_from(_lesson)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_enrollment, _enrollment.c.group_id == _course.c.group_id)
        .join(_year, _year.c.id == _course.c.year_id)
        .where(
            _enrollment.c.person_id == student_id,
            holds_on(_enrollment, _lesson.c.day),
            _year.c.ends_on > day,
            _lesson.c.day > day,
            LESSON_NOT_TAKEN_BACK,
        )
    ).scalar_one()


def _days(
    span: DaySpan, lessons: Sequence[tuple[date, LessonLine]], due: Sequence[TaskLine], free: dict[date, Any]
) -> Iterator[DayLine]:
    """The days from Monday to Friday, and those after them that have something."""
    placed = {task.lesson for _day, lesson in lessons for task in lesson.tasks}
    for offset in range(7):
        day = span.first + timedelta(days=offset)
        of_day = tuple(lesson for on, lesson in lessons if on == day)
        beside = tuple(task for task in due if task.due == day and task.text and task.lesson not in placed)
        if of_day or beside or offset < 5:
            holiday, until = free.get(day, ("", None))
            yield DayLine(day, holiday, until, of_day, beside)


def _lessons_in_full(
    connection: Connection,
    student: int,
    span: DaySpan,
    held: tuple[Sequence[Any], Sequence[Any], Sequence[TaskLine]],
    changes: tuple[News, Mapping[str, tuple[Correction, ...]]],
) -> list[tuple[date, LessonLine]]:
    """[(day, lesson)] of the week by day and number, each with its homework, marks, absences and remarks.

    `held` = (rows of lessons, rows of works, homework by its day); `changes` = (what is new, {work uid: corrections}).
    """
    rows, works, due = held
    new, wrong = changes
    ids = [row.id for row in rows]
    marks = _marks(connection, student, works)
    remarks = _remarks(connection, student, ids)
    controls = {work.lesson_id: work.name for work in works if work.is_control}  # for the badge
    first_works = {work.lesson_id: work.uid for work in reversed(works)}
    touched = Counter(work.lesson_id for work in works if work.uid in new.works)
    bells = student_context.bells(connection, student, span)
    teachers = student_context.teachers(connection, {row.course_id for row in rows}, span)
    by_lesson = {task.lesson: task.due for task in due}
    waiting: dict[tuple[int, date | None], list[TaskLine]] = {}
    for task in due:
        if task.text:
            waiting.setdefault((task.course, task.due), []).append(task)
    return [
        (
            row.day,
            LessonLine(
                uid=row.uid,
                number=row.number,
                begins=bells.get(row.number, ("", ""))[0],
                ends=bells.get(row.number, ("", ""))[1],
                subject=row.course,
                teachers=tuple(one.name for one in teachers.get(row.course_id, ()) if one.teaches_on(row.day)),
                room=row.room,
                topic=row.topic,
                homework=row.text or "",
                minutes=row.minutes,
                nothing_set=bool(row.nothing_set),
                due=row.due or row.following or by_lesson.get(row.uid),
                tasks=tuple(waiting.pop((row.course_id, row.day), ())),  # of two lessons on a day the first one
                control=controls.get(row.id, ""),
                marks=tuple(marks.get(row.id, ())),
                attendance=CellValue((), row.absence, row.absence_reason, row.minutes_late).text if row.absence else "",
                remarks=tuple(remark.text for remark in remarks.get(row.id, ())),
                first_work=first_works.get(row.id, ""),
                corrections=tuple(one for work in works if work.lesson_id == row.id for one in wrong.get(work.uid, ())),
                new=touched[row.id] + sum(new.has(remark.created_at) for remark in remarks.get(row.id, ())),
            ),
        )
        for row in rows
    ]


def _lessons(connection: Connection, student_id: int, span: DaySpan) -> Sequence[Any]:
    return _LESSONS.all(connection, {"student": student_id, "first": span.first, "last": span.last})


def _works(connection: Connection, student_id: int, lesson_ids: list[int]) -> Sequence[Any]:
    """The columns of these lessons, in order. `changed`: the cell of the student was ever written over; only such cells
    are looked up in the ledger.
    """
    return _WORKS.all(connection, {"student": student_id, "lessons": lesson_ids}) if lesson_ids else []


def _marks(connection: Connection, student_id: int, works: Sequence[Any]) -> dict[int, list[MarkLine]]:
    """{lesson id: marks}. Looked up by work and student: by student alone it would read all his years (P-13)."""
    if not works:
        return {}
    of_work: dict[int, list[Any]] = {}
    for row in _MARKS.all(connection, {"student": student_id, "works": [work.id for work in works]}):
        of_work.setdefault(row.work_id, []).append(row)
    found: dict[int, list[MarkLine]] = {}
    for work in works:
        for row in of_work.get(work.id, ()):
            mark = MarkLine(work.uid, row.code, work.name, work.weight, row.comment)
            found.setdefault(work.lesson_id, []).append(mark)
    return found


def _remarks(connection: Connection, student_id: int, lesson_ids: list[int]) -> dict[int, list[Any]]:
    """{lesson id: rows of his remarks that were not withdrawn}, each with `text` and `created_at`."""
    found: dict[int, list[Any]] = {}
    if lesson_ids:
        for row in _REMARKS.all(connection, {"student": student_id, "lessons": lesson_ids}):
            found.setdefault(row.lesson_id, []).append(row)
    return found
