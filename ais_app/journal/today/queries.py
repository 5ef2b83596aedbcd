"""What a teaching person has to do: the lessons of the day, what is not written down, who was missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, select

from ais_app.db.columns import holds_on, table
from ais_app.journal import settings
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.rules import ABSENT
from ais_app.journal.lessons.models import Homework, Lesson
from ais_app.journal.lessons.queries.last_bell import last_bell
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import RecordTerms, homework_written
from ais_app.journal.windows import rules
from ais_app.journal.windows.queries.periods import in_closed_period
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, by_name
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.school.models import Bell, Course, CourseTeacher, Enrollment, SchoolClass
from ais_app.school.queries import classes_led_by, listed, member_on
from ais_app.school_settings.queries import value, values_of

_lesson = table(Lesson)
_course = table(Course)
_teacher = table(CourseTeacher)
_homework = table(Homework)
_class = table(SchoolClass)
_bell = table(Bell)
_person = table(Person)
_enrollment = table(Enrollment)
_attendance = table(Attendance)


@dataclass(frozen=True, slots=True)
class OwnLesson:
    """A lesson of the actor; `last_bell` ends the last lesson of its class on that day."""

    uid: str
    course: str
    day: date
    number: int
    class_name: str
    subject: str
    room: str
    begins: time | None
    ends: time | None
    topic: bool
    homework: bool
    window: rules.EditWindow
    terms: RecordTerms
    last_bell: time | None

    @property
    def kept(self) -> bool:
        """Topic and homework (or «не задано») are written."""
        return self.topic and self.homework

    @property
    def due(self) -> datetime:
        """The moment (of the school) by which what is missing is to be written."""
        if not self.topic:
            return self.terms.topic_by(self.day)
        return self.terms.homework_by(self.day, self.last_bell or self.ends)


def own_lessons(reading: Reading) -> list[OwnLesson]:
    """The lessons of today, and those within the edit window before it, that the actor taught; by day and number.

    Lessons of closed periods are left out. Two statements, whatever the number of courses.
    """
    if not reading.actor.may(Right.KEEP_LESSONS):
        return []
    values = values_of(reading.connection, reading.hat.school_id)
    window = rules.EditWindow(values.over_time(settings.EDIT_WINDOW))
    terms = RecordTerms(values.over_time(settings.TOPIC_DAYS), values.over_time(settings.HOMEWORK_MINUTES))
    taught = (
        select(_teacher.c.id)
        .where(
            _teacher.c.course_id == _course.c.id,
            _teacher.c.person_id == reading.hat.person_id,
            holds_on(_teacher, _lesson.c.day),
        )
        .exists()
    )
    rows = reading.execute(
        select(
            _lesson,
            _course.c.uid.label("course"),
            _course.c.name.label("subject"),
            _class.c.name.label("class_name"),
            _homework.c.text,
            _homework.c.nothing_set,
            _bell.c.starts_at,
            _bell.c.ends_at,
            last_bell().label("last_bell"),
        )
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .outerjoin(_bell, and_(_bell.c.schedule_id == _class.c.bell_schedule_id, _bell.c.number == _lesson.c.number))
        .where(
            _lesson.c.school_id == reading.hat.school_id,
            _lesson.c.day.between(window.first_day(reading.today), reading.today),
            taught,
            LESSON_NOT_TAKEN_BACK,
            ~in_closed_period(),
        )
        .order_by(_lesson.c.day, _lesson.c.number)
    )
    return [_own(row, window, terms) for row in rows if reading.today <= window.last_day(row.day)]


def _own(row: Any, window: rules.EditWindow, terms: RecordTerms) -> OwnLesson:
    return OwnLesson(
        uid=row.uid,
        course=row.course,
        day=row.day,
        number=row.number,
        class_name=row.class_name or "",
        subject=row.subject,
        room=row.room,
        begins=row.starts_at,
        ends=row.ends_at,
        topic=row.topic != "",
        homework=homework_written(row.text, row.nothing_set),
        window=window,
        terms=terms,
        last_bell=row.last_bell,
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """A student of the own class who missed lessons of a day; `reason` is empty while nobody knows it."""

    student: str
    name: str
    class_name: str
    day: date
    reason: str
    lessons: tuple[int, ...]


def missing(reading: Reading) -> list[Missing]:
    """Who of the own class was absent in the last days, as many as the school has set; unexplained absences first,
    then the newest.

    The own class is the one that the actor led on the day of the lesson: only there may he write the reason.
    """
    if not reading.actor.scopes(Right.SET_ABSENCE_REASON) or reading.hat.person_id is None:
        return []
    back = timedelta(days=value(reading.connection, settings.MISSING_DAYS, reading.hat.school_id, reading.today))
    rows = reading.execute(
        select(
            _person,
            _class.c.name.label("class_name"),
            _lesson.c.day,
            _lesson.c.number,
            _attendance.c.reason,
        )
        .select_from(_attendance)
        .join(_lesson, _lesson.c.id == _attendance.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_person, _person.c.id == _attendance.c.student_id)
        .join(_enrollment, _enrollment.c.person_id == _person.c.id)
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .where(
            holds_on(_enrollment, _lesson.c.day),  # as the document is asked: at the date of the lesson
            member_on(_course.c.group_id, _person.c.id, _lesson.c.day),
            classes_led_by(reading.hat.person_id, _lesson.c.day),
            _attendance.c.code == ABSENT,
            _lesson.c.day.between(reading.today - back, reading.today),
            LESSON_NOT_TAKEN_BACK,
        )
        .order_by(_lesson.c.day.desc(), *by_name(_person), _lesson.c.number)
    ).all()
    found: dict[tuple[str, date, str], list[int]] = {}
    for row in rows:
        found.setdefault((row.uid, row.day, row.reason), []).append(row.number)
    names = listed(reading, {row.uid: Name.of(row) for row in rows}, Spelling.SHORT)
    classes = {row.uid: row.class_name for row in rows}
    absences = [
        Missing(uid, names[uid], classes[uid], day=day, reason=reason, lessons=tuple(numbers))
        for (uid, day, reason), numbers in found.items()
    ]
    return sorted(absences, key=lambda one: (one.reason != "", -one.day.toordinal()))
