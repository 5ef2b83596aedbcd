"""Homework stands on the day on which it is due: the next lesson, the timetable's next meeting, or the day that was set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from ais_app.db.prepared import _Spelled
from ais_app.diary import views
from ais_app.diary.due import Meeting, next_meeting
from ais_app.journal.courses.queries.courses import course_to_write
from ais_app.journal.errors import BadLesson, StaleLesson
from ais_app.journal.events import DiaryChanged
from ais_app.journal.lessons.queries import panel
from ais_app.journal.lessons.service import lessons, taking_back
from ais_app.ledger import queries as ledger
from ais_app.rights.rules import Role
from tests.builders import reading_at
from tests.unit.tampering import TAMPERED
from tests.unit.test_marks import TODAY

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
LAST_WEEK = MONDAY - timedelta(days=7)
SATURDAY = date(2026, 11, 28)


def describe(school, day: date, homework: str, due: date | None = None, minutes: int | None = 20, version: int = 1):
    words = lessons.LessonText(school.lesson("algebra", day), version, "Topic", homework, minutes, False, due=due)
    return school.database.write(lambda uow: lessons.describe_lesson(uow, school.teacher(), words))


def week(school, monday: date = MONDAY, student: str = "anna", login: str = "mother", role: Role = Role.GUARDIAN):
    actor = school.actor(login, role)
    uid = school.people[student].uid
    return school.read(views.week, actor, school.database.clock.now(), uid, monday, TODAY, with_news=True)


def on(shown: views.WeekView, day: date) -> views.DayItem:
    return next(one for one in shown.days if one.iso == day.isoformat())


def algebra(shown: views.WeekView, day: date) -> views.LessonItem:
    return next(one for one in on(shown, day).lessons if one.subject == "Algebra")


def to_do(shown: views.WeekView) -> dict[str, list[str]]:
    return {day.iso: [task.text for task in day.tasks] for day in shown.tasks}


def without_lessons_after(school, day: date, *, slots: bool = True) -> None:
    """As in a school that adds its lessons by hand: with or without a timetable."""

    def drop(uow) -> None:
        late = "(SELECT id FROM lesson WHERE day > :day)"
        uow.execute(text(f"DELETE FROM work WHERE lesson_id IN {late}"), {"day": day})
        uow.execute(text("DELETE FROM lesson WHERE day > :day"), {"day": day})
        if not slots:
            uow.execute(text("DELETE FROM timetable_slot"))

    TAMPERED.add(school.database)
    school.database.write(drop)


def test_homework_stands_where_it_was_set_and_at_the_next_lesson_also_across_the_week(school):
    describe(school, FRIDAY, "No. 5")
    given = algebra(week(school, LAST_WEEK), FRIDAY)
    assert (given.homework, given.until, given.tasks) == ("No. 5", "for 23 November", [])
    task = algebra(week(school), MONDAY).tasks[0]
    assert (task.text, task.given, task.minutes) == ("No. 5", "set on 20 November", "20 min")


def test_the_load_is_that_of_the_day_on_which_it_is_due(school):
    describe(school, FRIDAY, "No. 5", minutes=140)
    assert on(week(school, LAST_WEEK), FRIDAY).load == ""
    monday = on(week(school), MONDAY)
    assert (monday.load, monday.heavy, monday.fill) == ("for this day: 2 h 20 min of 2 h 30 min", True, "93%")
    assert week(school).summary.homework == "2 h 20 min"


def test_without_a_next_lesson_the_timetable_says_the_day(school):
    describe(school, MONDAY, "No. 7")
    without_lessons_after(school, MONDAY)
    shown = week(school)
    assert algebra(shown, MONDAY).until == "for 24 November"
    assert [task.text for task in on(shown, TUESDAY).beside] == ["No. 7"]
    assert to_do(shown) == {"2026-11-24": ["No. 7"]}
    assert shown.days[1].load == "for this day: 20 min of 2 h 30 min"


def test_without_lessons_and_timetable_it_is_for_the_next_lesson_and_stays_where_it_was_set(school):
    describe(school, MONDAY, "No. 7")
    without_lessons_after(school, MONDAY, slots=False)
    shown = week(school)
    assert (algebra(shown, MONDAY).homework, algebra(shown, MONDAY).until) == ("No. 7", "for the next lesson")
    assert to_do(shown) == {}
    assert [day.load for day in shown.days] == [""] * 5


def test_a_lesson_that_is_added_takes_the_homework_and_tells_the_open_diaries(school):
    describe(school, MONDAY, "No. 7")
    without_lessons_after(school, MONDAY, slots=False)
    told: list[str] = []

    def add(uow) -> None:
        lessons.add_lesson(uow, school.teacher(), school.courses["algebra"], TUESDAY, 3)
        told.extend(one.student for one in uow.announced if isinstance(one, DiaryChanged))

    school.database.write(add)
    assert school.people["anna"].uid in told
    shown = week(school)
    assert [task.text for task in algebra(shown, TUESDAY).tasks] == ["No. 7"]
    assert algebra(shown, MONDAY).until == "for 24 November"


def test_a_lesson_between_takes_it_over(school):
    without_lessons_after(school, MONDAY, slots=False)
    describe(school, MONDAY, "No. 7")
    for day, expected in ((date(2026, 11, 26), "for 26 November"), (TUESDAY, "for 24 November")):
        school.database.write(
            lambda uow, day=day: lessons.add_lesson(uow, school.teacher(), school.courses["algebra"], day, 1)
        )
        assert algebra(week(school), MONDAY).until == expected


def test_a_lesson_that_was_taken_back_is_no_next_one_and_its_homework_is_due_nowhere(school):
    without_lessons_after(school, MONDAY, slots=False)
    describe(school, MONDAY, "No. 7")
    teacher, algebra_of = school.teacher(), school.courses["algebra"]
    added = school.database.write(lambda uow: lessons.add_lesson(uow, teacher, algebra_of, TUESDAY, 1))
    words = lessons.LessonText(added, 1, "", "No. 8", None, False, due=SATURDAY)
    school.database.write(lambda uow: lessons.describe_lesson(uow, teacher, words))
    assert algebra(week(school), MONDAY).until == "for 24 November"
    assert [task.text for task in on(week(school), SATURDAY).beside] == ["No. 8"]
    school.database.write(lambda uow: taking_back.take_back_lesson(uow, teacher, added))
    shown = week(school)
    assert algebra(shown, MONDAY).until == "for the next lesson"
    assert to_do(shown) == {}
    school.database.write(lambda uow: taking_back.put_back_lesson(uow, teacher, added))
    assert [task.text for task in algebra(week(school), TUESDAY).tasks] == ["No. 7"]


def test_a_second_lesson_of_the_same_day_is_not_the_next_one(school):
    school.database.write(lambda uow: lessons.add_lesson(uow, school.teacher(), school.courses["algebra"], MONDAY, 6))
    school.database.write(lambda uow: lessons.add_lesson(uow, school.teacher(), school.courses["algebra"], TUESDAY, 6))
    uid = school.database.read(
        lambda connection: connection.execute(
            text("SELECT uid FROM lesson WHERE day = :day AND number = 6"), {"day": MONDAY}
        ).scalar_one()
    )
    words = lessons.LessonText(uid, 1, "", "No. 9", None, False)
    school.database.write(lambda uow: lessons.describe_lesson(uow, school.teacher(), words))
    tuesday = on(week(school), TUESDAY)
    assert [[task.text for task in one.tasks] for one in tuesday.lessons if one.subject == "Algebra"] == [["No. 9"], []]


def test_the_day_that_the_teacher_sets_wins_is_kept_and_stands_in_the_ledger(school):
    describe(school, MONDAY, "Essay", date(2026, 12, 4))
    describe(school, FRIDAY, "For Saturday", SATURDAY)
    shown = week(school)
    assert algebra(shown, TUESDAY).tasks == []
    assert algebra(shown, MONDAY).until == "for 4 December"
    assert [task.text for task in on(shown, SATURDAY).beside] == ["For Saturday"], "a day without lessons"
    assert to_do(shown)["2026-12-04"] == ["Essay"]
    (step,) = school.database.read(
        ledger.history, f"school:{school.ref.uid}", "homework", school.lesson("algebra", MONDAY)
    )
    assert (step.before, step.after["due"]) == (None, "2026-12-04")


def test_a_far_day_is_shown_once_it_is_given_and_a_prepared_one_is_not(school):
    far = date(2027, 2, 5)
    describe(school, MONDAY, "Project", far)
    describe(school, date(2026, 12, 1), "Prepared", far)
    assert to_do(week(school))[far.isoformat()] == ["Project"]


def test_the_day_is_version_checked_and_no_day_before_the_lesson_or_after_the_year(school):
    version = describe(school, MONDAY, "No. 7", TUESDAY)
    assert describe(school, MONDAY, "No. 7", TUESDAY, version=version) == version, "nothing changed"
    with pytest.raises(StaleLesson):
        describe(school, MONDAY, "No. 7", date(2026, 11, 25), version=version - 1)
    for wrong in (MONDAY, FRIDAY, date(2027, 5, 29)):
        with pytest.raises(BadLesson) as refusal:
            describe(school, MONDAY, "No. 7", wrong, version=version)
        assert refusal.value.field == "due"
    assert describe(school, MONDAY, "", TUESDAY, version=version) == version + 1
    assert algebra(week(school), TUESDAY).tasks == []


def test_the_panel_knows_the_day_that_is_set_and_the_one_that_comes(school):
    describe(school, MONDAY, "No. 7", date(2026, 12, 4))

    def read(connection):
        reading = reading_at(connection, school.teacher(), school.database.clock.now())
        page = course_to_write(reading, school.courses["algebra"])
        return panel.lesson_panel(reading, page, (school.work("algebra", MONDAY), ""))

    shown = school.database.read(read)
    assert (shown.due, shown.following) == (date(2026, 12, 4), TUESDAY)


def test_only_homework_of_the_own_time_in_the_group_is_shown(school):
    """Gleb left on the 16th: what was set on his last day is due nowhere for him; who came later has nothing of before."""
    school.database.clock.moment -= timedelta(days=6)
    describe(school, date(2026, 11, 13), "No. 3")
    gleb = week(school, LAST_WEEK, "gleb", "gleb", Role.STUDENT)
    assert gleb.tasks == []
    assert [task.text for task in algebra(week(school, LAST_WEEK), LAST_WEEK).tasks] == ["No. 3"]
    came = text("UPDATE enrollment SET valid_from = :day WHERE person_id = :person")
    school.database.write(
        lambda uow: uow.execute(came, {"day": date(2026, 11, 16), "person": school.people["anna"].id})
    )
    assert algebra(week(school, LAST_WEEK), LAST_WEEK).tasks == []


def test_what_is_due_tomorrow_comes_first_with_what_is_not_set_and_not_written(school):
    describe(school, MONDAY, "No. 7")
    days = week(school).tasks
    assert [(day.name, day.date) for day in days] == [("Tomorrow, Tuesday", "24 November")]
    assert ([task.text for task in days[0].tasks], days[0].unwritten, days[0].nothing) == (["No. 7"], "History", "")
    historian = school.actor("historian", Role.TEACHER)
    nothing = lessons.LessonText(school.lesson("history", MONDAY), 1, "Topic", "", None, True)
    school.database.write(lambda uow: lessons.describe_lesson(uow, historian, nothing))
    assert (week(school).tasks[0].unwritten, week(school).tasks[0].nothing) == ("", "History")


def test_on_a_friday_the_coming_days_begin_with_monday_and_a_past_week_keeps_to_itself(school):
    describe(school, FRIDAY, "No. 5")
    actor, uid = school.actor("mother", Role.GUARDIAN), school.people["anna"].uid
    friday = school.read(views.week, actor, FRIDAY, uid, LAST_WEEK, FRIDAY, with_news=False)
    assert to_do(friday) == {"2026-11-23": ["No. 5"]}
    assert to_do(week(school, LAST_WEEK)).get("2026-11-23") is None, "that week is over"


def test_teachers_stand_in_the_lessons_by_their_dates(school):
    assert algebra(week(school), MONDAY).teachers == "Teacher A. I."
    substitute = text(
        "INSERT INTO course_teacher (uid, course_id, person_id, valid_from, valid_to) "
        "SELECT 'substitute', id, :person, :day, :after FROM course WHERE uid = :course"
    )
    where = {
        "person": school.people["deputy"].id,
        "course": school.courses["algebra"],
        "day": TUESDAY,
        "after": TUESDAY + timedelta(days=1),
    }
    school.database.write(lambda uow: uow.execute(substitute, where))
    assert algebra(week(school), TUESDAY).teachers == "Teacher A. I., Deputy A. I."
    assert algebra(week(school), MONDAY).teachers == "Teacher A. I."


@contextmanager
def counted(database) -> Iterator[list[str]]:
    """The statements that are run inside, the prepared ones too."""
    found: list[str] = []
    prepared = _Spelled.run

    def note(_connection, _cursor, statement, *_rest) -> None:
        found.append(statement)

    def execute(self, *arguments):
        found.append(self._text)
        return prepared(self, *arguments)

    engines = {database._reading, database._writing}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    with patch.object(_Spelled, "run", execute):
        yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_a_full_week_takes_as_many_statements_as_one_with_nothing_written(school):
    with counted(school.database) as empty:
        week(school)
    for day in (date(2026, 11, 18), date(2026, 11, 19), FRIDAY, MONDAY, TUESDAY, date(2026, 11, 25)):
        describe(school, day, f"No. {day.day}")
        school.enter(school.teacher(), "algebra", ("anna", day, "5", 0)) if day <= TODAY else None
    with counted(school.database) as full:
        shown = week(school)
    reads = [one for one in full if one.lstrip().upper().startswith("SELECT")]
    assert len(shown.tasks) >= 2
    assert len(reads) == len([one for one in empty if one.lstrip().upper().startswith("SELECT")])
    assert len(reads) <= 16
    assert sum("UNION ALL" in one for one in reads) == 1, "all homework in one statement"


DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 28))


@given(DAYS, st.lists(st.builds(Meeting, st.integers(1, 7), DAYS, st.none() | DAYS), max_size=4), st.sets(DAYS))
def test_the_next_meeting_is_the_first_day_that_fits(after, meetings, holidays):
    last = date(2027, 5, 28)
    fits = [
        day
        for offset in range(1, 400)
        if (day := after + timedelta(days=offset)) <= last
        and day not in holidays
        and any(meeting.is_on(day) for meeting in meetings)
    ]
    assert next_meeting(after, last, meetings, holidays) == (fits[0] if fits else None)


def test_holidays_are_left_out_of_the_timetable():
    monday = Meeting(1, date(2026, 9, 1), None)
    week_off = {date(2026, 10, 26) + timedelta(days=offset) for offset in range(7)}
    assert next_meeting(date(2026, 10, 19), date(2027, 5, 28), [monday], week_off) == date(2026, 11, 2)
    ended = Meeting(1, date(2026, 9, 1), date(2026, 10, 26))
    assert next_meeting(date(2026, 10, 19), date(2027, 5, 28), [ended], set()) is None
