"""What is warned of before a lesson is added."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ais_app.db.columns import new_uid
from ais_app.journal.errors import Question
from ais_app.journal.lessons.service import lessons, taking_back
from ais_app.rights.rules import Role
from tests.unit.mistakes import SUNDAY, TODAY, added, shown_lessons


def warning(
    school, day: date, number: int, course: str = "algebra", login: str = "teacher", confirmed: str = ""
) -> str:
    actor = school.actor(login, Role.TEACHER)
    with pytest.raises(Question) as asked:
        school.database.write(
            lambda uow: lessons.add_lesson(uow, actor, school.courses[course], day, number, confirmed)
        )
    assert asked.value.field == "confirmed"
    return str(asked.value)


def test_a_sunday_is_warned_of_and_a_lesson_is_added_after_the_warning(school, teacher, write):
    said = warning(school, SUNDAY, 1)
    assert said == "Sunday, 22 November: there are no lessons on a Sunday."
    assert (SUNDAY.isoformat(), 1) not in shown_lessons(school)
    write(lambda uow: lessons.add_lesson(uow, teacher, school.courses["algebra"], SUNDAY, 1, said))
    assert (SUNDAY.isoformat(), 1) in shown_lessons(school)


def test_a_holiday_is_warned_of_by_its_name(school, clock):
    clock.moment -= timedelta(days=26)  # Wednesday, 28 October
    assert "autumn" in warning(school, date(2026, 10, 27), 3)


def test_another_lesson_of_the_same_students_or_teacher_is_warned_of(school, write):
    assert warning(school, TODAY, 2) == "The same students already have lesson 2 that day: 7А, History."
    with school.database.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE course_teacher SET person_id = {school.people['teacher'].id}")
    assert warning(school, TODAY, 2) == "You already have lesson 2 that day: 7А, History."


def test_a_lesson_that_was_taken_back_is_no_obstacle(school, teacher, write):
    """Neither for a warning, nor for the place."""
    lesson = added(school, TODAY, 8, "history", "historian")
    historian = school.actor("historian", Role.TEACHER)
    assert "History" in warning(school, TODAY, 8)
    write(lambda uow: taking_back.take_back_lesson(uow, historian, lesson))
    write(lambda uow: lessons.add_lesson(uow, teacher, school.courses["algebra"], TODAY, 8, ""))


def test_students_who_are_not_together_in_both_groups_are_no_obstacle(school):
    with school.database.connect() as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO study_group (uid, school_id, year_id, name) "
            f"VALUES ('{new_uid()}', {school.ref.id}, {school.year.id}, 'Others')"
        )
        connection.exec_driver_sql(
            "UPDATE course SET group_id = (SELECT id FROM study_group WHERE name = 'Others') "
            f"WHERE uid = '{school.courses['history']}'"
        )
    school.database.write(
        lambda uow: lessons.add_lesson(uow, school.teacher(), school.courses["algebra"], TODAY, 2, "")
    )


def test_a_confirmation_holds_for_the_warning_that_was_read(school):
    for_sunday = warning(school, SUNDAY, 1)
    assert warning(school, TODAY, 2, confirmed=for_sunday) != for_sunday
