"""What is new in a diary since the last visit of this account to this child."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from ais_app.diary import service
from ais_app.diary.rules import VISIT, known_until
from ais_app.journal.lessons.service import lessons
from ais_app.journal.remarks.service import add_remark
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.unit.test_homework_due import FRIDAY, LAST_WEEK, MONDAY, TUESDAY, algebra, describe, week


def visit(school, login: str = "mother", role: Role = Role.GUARDIAN, student: str = "anna") -> None:
    actor = school.actor(login, role)
    school.database.write(lambda uow: service.note_visit(uow, actor, school.people[student].uid))


def later(school, **time: int) -> None:
    school.database.clock.moment += timedelta(**time)


def news(school, monday: date = MONDAY, **who) -> dict[str, str]:
    return {day.iso: day.news for day in week(school, monday, **who).days if day.news}


def test_at_the_first_visit_nothing_is_marked(school):
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "5", 0))
    assert news(school) == {}


def test_marks_corrections_remarks_and_homework_are_new_until_the_next_visit(school):
    teacher = school.teacher()
    school.enter(teacher, "algebra", ("anna", FRIDAY, "5", 0))
    visit(school)
    later(school, hours=3)
    school.enter(teacher, "algebra", ("anna", MONDAY, "4", 0), ("boris", MONDAY, "2", 0))
    school.enter(teacher, "algebra", ("anna", FRIDAY, "3", 1))
    remark = (school.lesson("algebra", MONDAY), school.people["anna"].uid, "No notebook")
    school.database.write(lambda uow: add_remark(uow, teacher, *remark))
    describe(school, MONDAY, "No. 7")
    assert news(school) == {"2026-11-23": "2", "2026-11-24": "1"}, "a mark and a remark; homework where it is due"
    assert news(school, LAST_WEEK) == {"2026-11-20": "1"}, "the correction"
    assert week(school).new_before == "1", "said beside the way to the week before"
    assert algebra(week(school), MONDAY).new
    assert algebra(week(school), TUESDAY).tasks[0].new
    assert week(school).tasks[0].tasks[0].new
    visit(school)
    assert news(school) != {}, "the visit lasts"
    later(school, hours=1)
    assert news(school) == {}


def test_another_account_and_another_child_have_visits_of_their_own(school):
    visit(school)
    later(school, hours=2)
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "4", 0))
    visit(school, "anna", Role.STUDENT)
    assert news(school) == {"2026-11-23": "1"}
    assert news(school, student="anna", login="anna", role=Role.STUDENT) == {}


def test_a_topic_is_no_news_and_what_was_changed_back_neither(school):
    visit(school)
    later(school, hours=2)
    words = lessons.LessonText(school.lesson("algebra", MONDAY), 1, "Only a topic", "", None, False)
    school.database.write(lambda uow: lessons.describe_lesson(uow, school.teacher(), words))
    assert news(school) == {}
    version = describe(school, MONDAY, "No. 7", version=2)
    assert news(school) == {"2026-11-24": "1"}
    describe(school, MONDAY, "", version=version)
    assert news(school) == {}


def test_a_homework_that_moves_to_another_day_is_new_there(school):
    version = describe(school, MONDAY, "No. 7")
    visit(school)
    later(school, hours=2)
    describe(school, MONDAY, "No. 7", date(2026, 11, 26), version=version)
    assert news(school) == {"2026-11-26": "1"}


def test_the_class_teacher_leaves_no_trace_and_sees_no_news(school):
    visit(school)
    later(school, hours=2)
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "4", 0))
    assert news(school, login="historian", role=Role.CLASS_TEACHER) == {}


@pytest.mark.parametrize(("login", "role"), [("stranger", Role.GUARDIAN), ("teacher", Role.TEACHER)])
def test_nobody_notes_a_visit_to_a_foreign_diary(school, login, role):
    with pytest.raises(NotYours):
        visit(school, login, role)
    kept = school.database.read(lambda one: one.execute(text("SELECT count(*) FROM diary_visit")).scalar_one())
    assert kept == 0


def test_looks_within_half_an_hour_are_one_visit():
    known, looked = datetime(2026, 11, 22, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert known_until(known, looked, looked + VISIT) == known
    assert known_until(known, looked, looked + VISIT + timedelta(seconds=1)) == looked
