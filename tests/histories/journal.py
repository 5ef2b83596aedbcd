"""What happens in classes and journals: teachers change, groups are made, lessons held and marked, families look."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from ais_app.clock import SetClock
from ais_app.db.columns import new_uid
from ais_app.diary import service as diary
from ais_app.journal.attendance import service as absences
from ais_app.journal.errors import AlreadyClosed, BadLesson, CellsRefused
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons
from ais_app.journal.remarks import service as remarks
from ais_app.journal.windows.service import periods
from ais_app.rights.rules import Actor, Role, operator
from ais_app.school import rules, service
from ais_app.school.rules import DatedFrom
from ais_app.school.service import courses
from ais_app.school.service import courses as teaching
from tests.histories.history import (
    CLASS_GROUP,
    FIRST,
    MEMBERS,
    PRESENT,
    VALUES,
    WORDS,
    History,
    as_day,
    owner,
    year_from,
)

_DAY = timedelta(days=1)


def led_by_another(history: History) -> None:
    row = history.one(
        "SELECT l.id AS row, l.valid_from, c.id AS owner_id, p.id AS id, p.uid AS uid"
        " FROM class_leading l JOIN school_class c ON c.id = l.class_id JOIN person p ON p.id = l.person_id"
        " WHERE c.school_id = :school AND l.valid_to IS NULL"
    )
    if row is not None:
        day, change = max(history.day(-2, 2), as_day(row.valid_from)), service.change_class_teachers
        history.changed(change, owner(row), row, row.row, DatedFrom(as_day(row.valid_from), day))
        history.changed(change, owner(row), _teacher(history), None, DatedFrom(day, day))  # who declined
        history.changed(change, owner(row), _teacher(history), None, DatedFrom(day))


def substituted(history: History) -> None:
    course = history.one("SELECT id, uid FROM course WHERE school_id = :school")
    if course is not None:
        begin = history.day(-3, 0)
        days = DatedFrom(begin, history.random.choice((begin, history.day(1, 9))))
        anybody = history.one("SELECT id, uid FROM person WHERE school_id = :school")
        who = history.random.choice((_teacher(history), anybody))
        history.changed(teaching.change_teachers, course, who, None, days)


def _teacher(history: History) -> Any:
    row = history.one("SELECT p.id, p.uid FROM person p JOIN role_assignment r ON r.person_id = p.id"
                      " WHERE r.school_id = :school AND r.role = 'teacher'")  # fmt: skip
    return row if row is not None else history.person()


def grouped(history: History) -> None:
    """A group of students of any classes, most often with a course; marked or not, of a class or of none."""
    year = history.one("SELECT y.id, s.id AS scheme FROM academic_year y JOIN period_scheme s ON s.year_id = y.id"
                       " WHERE y.school_id = :school AND y.starts_on <= :today AND y.ends_on >= :today")  # fmt: skip
    subject = history.one("SELECT id FROM subject WHERE school_id = :school")
    pupils = history.rows(MEMBERS + PRESENT + " ORDER BY e.id")
    if year is None or subject is None:
        return
    chosen = {row.id for row in history.random.sample(pupils, min(len(pupils), 3))}
    members = [rules.MemberDraft(pupil, history.day(-6, 0)) for pupil in sorted(chosen)]
    name = history.random.choice(("Хор", "Английский, 1"))
    group = history.write(service.add_groups, operator(), history.school, year.id, [rules.GroupDraft(name, members)])[0]
    if history.random.random() < 0.3:
        return
    home = history.one("SELECT id FROM school_class WHERE school_id = :school")
    draft = courses.CourseDraft(
        name,
        subject.id,
        group.id,
        year.scheme,
        [courses.TeacherDraft(_teacher(history).id, FIRST)],
        class_id=home.id if home is not None and history.random.random() < 0.5 else None,
        graded=history.random.random() < 0.6,
    )
    history.write(courses.add_courses, operator(), history.school, year.id, [draft])


def another_year(history: History) -> None:
    taken = history.rows("SELECT id FROM academic_year WHERE school_id = :school AND starts_on > :today")
    if not taken:
        history.write(service.add_year, operator(), history.school, year_from(FIRST.year + 1))


def untaught_subject(history: History) -> None:
    draft = rules.SubjectDraft(f"Астрономия {new_uid()[:4]}", "")
    history.write(service.add_subjects, operator(), history.school, [draft])


def next_day(history: History) -> None:
    clock = history.database.clock
    assert isinstance(clock, SetClock)
    clock.moment += timedelta(days=history.random.randint(1, 4))


def taught(history: History, group: int | None = None) -> None:
    """A lesson today with its topic, homework, columns, and marks for whoever is there; to a group, if one is said."""
    row = history.one(
        "SELECT c.id, r.id AS role, c.uid, r.account_id, r.person_id, c.group_id FROM course c JOIN course_teacher t ON t.course_id = c.id"
        " JOIN role_assignment r ON r.person_id = t.person_id AND r.role = 'teacher' AND r.school_id = c.school_id"
        " JOIN academic_year y ON y.id = c.year_id"
        " WHERE c.school_id = :school AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to > :today)"
        " AND r.valid_from <= :today AND (r.valid_to IS NULL OR r.valid_to > :today)"
        " AND y.starts_on <= :today AND y.ends_on >= :today"
        + (" AND c.group_id = :group" if group is not None else ""),
        group=group,
    )
    if row is None:
        return
    actor = history.actor(row.account_id, Role.TEACHER, row.person_id)
    try:
        lesson = history.write(lessons.add_lesson, actor, row.uid, history.today, history.random.randint(0, 7))
    except BadLesson:
        return
    choose = history.random.choice
    if choose((True, False)):
        nothing = choose((True, False))
        homework = "" if nothing else choose(WORDS)
        said = lessons.LessonText(lesson, 1, choose(WORDS), homework, choose((None, 20)), nothing_set=nothing)
        history.write(lessons.describe_lesson, actor, said)
    kind = history.one("SELECT id, uid FROM control_type WHERE school_id = :school").uid
    if choose((True, False)):
        history.write(lessons.add_work, actor, lesson, kind)
    work, *more = history.rows(
        "SELECT w.uid FROM work w JOIN lesson l ON l.id = w.lesson_id WHERE l.uid = :lesson ORDER BY w.ordinal",
        lesson=lesson,
    )
    if choose((True, False)):
        history.write(lessons.change_work, actor, work.uid, kind)
    for pupil in history.rows(MEMBERS + PRESENT + " AND g.id = :group ORDER BY e.id", group=row.group_id):
        value = choose(VALUES)
        _enter(history, actor, row.uid, MarkEntry(pupil.uid, work.uid, value, 0))
        if choose((True, False)):
            comment = choose(WORDS) if value[0] in "2345" else None
            _enter(history, actor, row.uid, MarkEntry(pupil.uid, work.uid, choose(VALUES), 1, comment))
        for second in more:
            _enter(history, actor, row.uid, MarkEntry(pupil.uid, second.uid, choose("5432"), 0, "к работе"))
        if choose((True, False, False)):
            remark = history.write(remarks.add_remark, actor, lesson, pupil.uid, choose(WORDS) or "Молодец")
            if choose((True, False)):
                history.write(remarks.withdraw_remark, actor, remark)


def _enter(history: History, actor: Actor, course: str, entry: MarkEntry) -> None:
    with suppress(CellsRefused):  # a value that this course does not take, a closed period
        history.write(enter_marks, actor, MarksOperation(new_uid(), course, [entry]))


def came_and_was_marked(history: History) -> None:
    """Somebody comes today or some days ago, is marked, and leaves: today, tomorrow or not at all."""
    group = history.one(CLASS_GROUP)
    if group is None:
        return
    pupil = history.person()
    since = history.random.choice((history.today, history.day(-5, -1)))
    history.changed(service.change_memberships, group, pupil, None, DatedFrom(since))
    taught(history, group.id)
    row = next(iter(history.rows(MEMBERS + " AND p.id = :pupil", pupil=pupil.id)))
    days = DatedFrom(since, history.random.choice((history.today, history.today + _DAY, None)))
    history.changed(service.change_memberships, owner(row), row, row.row, days)


def excused(history: History) -> None:
    actor = history.somebody(Role.DEPUTY)
    row = history.one("SELECT p.id, p.uid FROM attendance a JOIN person p ON p.id = a.student_id"
                      " WHERE p.school_id = :school AND a.reason = ''")  # fmt: skip
    if actor is not None and row is not None:
        document = absences.Excuse(row.uid, DaySpan(FIRST, history.today), history.random.choice("бу"), "справка")
        history.write(absences.excuse, actor, document)


def closed(history: History) -> None:
    actor = history.somebody(Role.DEPUTY)
    row = history.one("SELECT p.id, p.uid FROM grading_period p JOIN period_scheme s ON s.id = p.scheme_id"
                      " WHERE s.school_id = :school AND p.starts_on > :today")  # fmt: skip
    if actor is not None and row is not None:
        with suppress(AlreadyClosed):
            history.write(periods.close_period, actor, row.uid)


def acknowledged(history: History) -> None:
    row = history.one(
        "SELECT r.account_id, r.person_id, s.uid AS student FROM role_assignment r"
        " JOIN guardianship l ON l.guardian_id = r.person_id JOIN person s ON s.id = l.student_id"
        " WHERE r.school_id = :school AND r.role = 'guardian' AND l.valid_from <= :today AND s.school_id = :school"
        " AND (l.valid_to IS NULL OR l.valid_to > :today) AND r.valid_from <= :today"
        " AND (r.valid_to IS NULL OR r.valid_to > :today)"
    )
    if row is not None:
        actor = history.actor(row.account_id, Role.GUARDIAN, row.person_id)
        monday = history.today - timedelta(days=history.today.weekday())
        history.write(diary.acknowledge, actor, row.student, monday)
