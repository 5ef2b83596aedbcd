"""What is written down in the journals, and the lessons that are not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, and_, case, cast, func, select

from ais_app.db.columns import holds_on, table
from ais_app.journal.lessons.models import Homework, Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.record import WRITTEN_DOWN, held
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, by_name, told_apart
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope
from ais_app.school.models import Bell, Course, CourseTeacher, SchoolClass

LAST_DAYS = 7
MOST_GAPS = 200

_lesson = table(Lesson)
_course = table(Course)
_teacher = table(CourseTeacher)
_homework = table(Homework)
_person = table(Person)
_class = table(SchoolClass)
_bell = table(Bell)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the held lessons have topic and homework."""

    kept: int
    held: int


@dataclass(frozen=True, slots=True)
class TeacherKeeping:
    """What a teacher has written down, today and in the last days; `oldest`: (course, lesson) that waits longest."""

    name: str
    today: Kept
    week: Kept
    oldest: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class UnwrittenLesson:
    """A held lesson that is not written down."""

    course: str
    lesson: str
    title: str
    teacher: str
    day: date
    number: int
    topic: bool


def _of_the_days(reading: Reading):
    """(FROM, WHERE) of the held lessons of the last `LAST_DAYS` days with their teachers, classes and bells."""
    joined = (
        _lesson.join(_course, _course.c.id == _lesson.c.course_id)
        .join(
            _teacher,
            and_(_teacher.c.course_id == _course.c.id, holds_on(_teacher, _lesson.c.day)),
        )
        .join(_person, _person.c.id == _teacher.c.person_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .outerjoin(_bell, and_(_bell.c.schedule_id == _class.c.bell_schedule_id, _bell.c.number == _lesson.c.number))
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
    )
    where = (
        _lesson.c.school_id == reading.hat.school_id,
        _lesson.c.day.between(reading.today - timedelta(days=LAST_DAYS - 1), reading.today),
        held(reading.clock),
        LESSON_NOT_TAKEN_BACK,
    )
    return joined, where


def keeping(reading: Reading) -> list[TeacherKeeping]:
    """By teacher: lessons held and written down, today and in the last seven days; who lacks most comes first."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.SEE_KEEPING):
        return []
    joined, where = _of_the_days(reading)

    def count(condition):
        return func.sum(cast(case((condition, 1), else_=0), Integer))

    is_today = _lesson.c.day == reading.today
    rows = reading.execute(
        select(
            _person,
            func.count().label("held"),
            count(WRITTEN_DOWN).label("kept"),
            count(is_today).label("held_today"),
            count(and_(is_today, WRITTEN_DOWN)).label("kept_today"),
        )
        .select_from(joined)
        .where(*where)
        .group_by(*_person.c)
        .order_by(*by_name(_person))
    ).all()
    names = told_apart({row.id: Name.of(row) for row in rows}, Spelling.SIGNED)
    oldest = _oldest(reading)
    teachers = [
        TeacherKeeping(
            names[row.id],
            Kept(row.kept_today, row.held_today),
            Kept(row.kept, row.held),
            oldest.get(row.id),
        )
        for row in rows
    ]
    return sorted(teachers, key=lambda one: one.week.kept - one.week.held)


def _oldest(reading: Reading) -> dict[int, tuple[str, str]]:
    """{teacher: course and lesson} of each teacher's oldest lesson that is not written down."""
    joined, where = _of_the_days(reading)
    rank = func.row_number().over(partition_by=_person.c.id, order_by=(_lesson.c.day, _lesson.c.number, _lesson.c.id))
    ranked = (
        select(_person.c.id, _course.c.uid.label("course"), _lesson.c.uid.label("lesson"), rank.label("rank"))
        .select_from(joined)
        .where(*where, ~WRITTEN_DOWN)
        .subquery()
    )
    rows = reading.execute(select(ranked).where(ranked.c.rank == 1))
    return {row.id: (row.course, row.lesson) for row in rows}


def gaps(reading: Reading) -> list[UnwrittenLesson]:
    """The held lessons of the last seven days that are not written down, the oldest first; at most `MOST_GAPS`."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.SEE_KEEPING):
        return []
    joined, where = _of_the_days(reading)
    rows = reading.execute(
        select(
            _course.c.uid.label("course"),
            _lesson.c.uid.label("lesson"),
            _course.c.name,
            _class.c.name.label("class_name"),
            _person.c.id.label("person"),
            _person.c.family_name,
            _person.c.given_name,
            _person.c.patronymic,
            _lesson.c.day,
            _lesson.c.number,
            _lesson.c.topic,
        )
        .select_from(joined)
        .where(*where, ~WRITTEN_DOWN)
        .order_by(_lesson.c.day, _lesson.c.number, _lesson.c.id)
        .limit(MOST_GAPS)
    ).all()
    names = told_apart({row.person: Name.of(row) for row in rows}, Spelling.SIGNED)
    return [
        UnwrittenLesson(
            row.course,
            row.lesson,
            f"{row.class_name}, {row.name}" if row.class_name else row.name,
            names[row.person],
            row.day,
            row.number,
            row.topic != "",
        )
        for row in rows
    ]
