"""The diary: homework against the norm, what a family has seen, remarks, the class teacher's view."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from ais_app.diary import queries, service, views
from ais_app.diary.load import Load, LoadNorms
from ais_app.diary.queries import student_context
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons
from ais_app.journal.remarks.service import add_remark, withdraw_remark
from ais_app.ledger import queries as ledger
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Role
from ais_app.school_settings.queries import SettingValues
from tests.databases import rows
from tests.unit.test_marks import TODAY

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
LAST_MONDAY = MONDAY - timedelta(days=7)


@pytest.mark.parametrize(
    ("grade", "minutes"),
    [(0, 60), (1, 60), (2, 90), (3, 90), (4, 120), (5, 120), (6, 150), (8, 150), (9, 210), (11, 210)],
)
def test_the_norm_of_homework_by_grade(grade, minutes):
    assert LoadNorms(SettingValues()).norm(grade, MONDAY) == minutes


def test_the_meter_warns_above_85_percent_and_never_overflows():
    assert (Load(0, 120, 85).percent, Load(0, 120, 85).heavy) == (0, False)
    assert (Load(102, 120, 85).percent, Load(102, 120, 85).heavy) == (85, False)
    assert Load(103, 120, 85).heavy
    assert Load(500, 120, 85).percent == 100


@pytest.mark.parametrize(("minutes", "words"), [(0, "0 min"), (40, "40 min"), (60, "1 h"), (85, "1 h 25 min")])
def test_durations_in_words(minutes, words):
    assert views.duration(minutes) == words


def week(school, login: str, role: Role, monday: date = MONDAY) -> views.WeekView:
    actor = school.actor(login, role)
    return school.read(views.week, actor, TODAY, school.people["anna"].uid, monday, TODAY, with_news=False)


def acknowledge(school, login: str, role: Role, monday: date, student: str = "anna") -> None:
    actor = school.actor(login, role)
    school.database.write(lambda uow: service.acknowledge(uow, actor, school.people[student].uid, monday))


def test_a_guardian_acknowledges_once_and_everybody_concerned_sees_it(school):
    before = week(school, "mother", Role.GUARDIAN, LAST_MONDAY).summary
    assert (before.may, before.seen, before.term) == (True, [], "to be seen until 23 November")
    acknowledge(school, "mother", Role.GUARDIAN, LAST_MONDAY)
    acknowledge(school, "mother", Role.GUARDIAN, LAST_MONDAY)
    after = week(school, "mother", Role.GUARDIAN, LAST_MONDAY).summary
    assert (after.may, after.term, len(after.seen or [])) == (False, "", 1)
    assert (week(school, "anna", Role.STUDENT, LAST_MONDAY).summary.seen or [])[0].startswith("Mother A. I.")
    history = school.actor("historian", Role.CLASS_TEACHER)
    lines = {one.name: one.seen for one in school.read(views.pupils, history, TODAY, LAST_MONDAY)}
    assert lines["Anna Alex"].startswith("Mother A. I.")
    assert lines["Boris Alex"] == ""
    assert "Gleb Alex" not in lines, "he has left the class"
    ((uid,),) = rows(school.database, "SELECT uid FROM acknowledgement")
    steps = school.database.read(ledger.history, f"school:{school.ref.uid}", "acknowledgement", uid)
    assert [step.kind for step in steps] == ["week_acknowledged"]


def test_the_class_teacher_sees_when_the_own_students_were_born(school):
    history = school.actor("historian", Role.CLASS_TEACHER)
    lines = {one.name: one.born for one in school.read(views.pupils, history, TODAY, MONDAY)}
    assert lines["Anna Alex"] == "12 Mar 2013"
    assert lines["Vera Alex"] == "", "not known"


@pytest.mark.parametrize(
    ("login", "role"),
    [("mother", Role.GUARDIAN), ("anna", Role.STUDENT), ("teacher", Role.TEACHER), ("deputy", Role.DEPUTY)],
)
def test_birth_dates_are_read_for_the_class_teacher_only(school, login, role):
    assert school.read(queries.birth_dates, school.actor(login, role), TODAY) == {}


def test_birth_dates_end_with_being_the_class_teacher(school):
    history = school.actor("historian", Role.CLASS_TEACHER)
    assert len(school.read(queries.birth_dates, history, TODAY)) == 2
    ended = text("UPDATE class_leading SET valid_to = :day")
    school.database.write(lambda uow: uow.execute(ended, {"day": TODAY}))
    assert school.read(queries.birth_dates, history, TODAY) == {}


def test_what_appears_after_the_acknowledgement_is_told(school):
    acknowledge(school, "mother", Role.GUARDIAN, LAST_MONDAY)
    school.database.clock.moment += timedelta(hours=1)
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "5", 0), ("boris", FRIDAY, "4", 0))
    assert week(school, "mother", Role.GUARDIAN, LAST_MONDAY).summary.appeared == "1 entry appeared after that"


@pytest.mark.parametrize(
    ("login", "role", "student", "monday"),
    [
        ("anna", Role.STUDENT, "anna", LAST_MONDAY),
        ("historian", Role.CLASS_TEACHER, "anna", LAST_MONDAY),
        ("teacher", Role.TEACHER, "anna", LAST_MONDAY),
        ("mother", Role.GUARDIAN, "boris", LAST_MONDAY),
        ("former", Role.GUARDIAN, "anna", LAST_MONDAY),
        ("mother", Role.GUARDIAN, "anna", MONDAY + timedelta(days=7)),
        ("mother", Role.GUARDIAN, "anna", MONDAY - timedelta(days=1)),
    ],
)
def test_nobody_else_and_no_other_week_is_acknowledged(school, login, role, student, monday):
    with pytest.raises(NotYours):
        acknowledge(school, login, role, monday, student)


def test_a_remark_is_in_the_diary_until_it_is_taken_back(school):
    teacher, lesson = school.teacher(), school.lesson("algebra", FRIDAY)
    anna = school.people["anna"].uid
    uid = school.database.write(lambda uow: add_remark(uow, teacher, lesson, anna, " Нет тетради "))

    def shown() -> list[str]:
        days = week(school, "mother", Role.GUARDIAN, LAST_MONDAY).days
        return [text for day in days for one in day.lessons for text in one.remarks]

    assert shown() == ["Нет тетради"]
    historian = school.actor("historian", Role.TEACHER)
    with pytest.raises(NotYours):
        school.database.write(lambda uow: withdraw_remark(uow, historian, uid))
    school.database.write(lambda uow: withdraw_remark(uow, teacher, uid))
    assert shown() == []
    steps = school.database.read(ledger.history, f"school:{school.ref.uid}", "remark", uid)
    assert [step.kind for step in steps] == ["remark_withdrawn", "remark_added"]
    assert steps[1].after["text"] == "Нет тетради"


@pytest.mark.parametrize(
    ("login", "student", "day", "text"),
    [
        ("historian", "anna", FRIDAY, "чужой урок"),
        ("teacher", "gleb", FRIDAY, "уже ушёл"),
        ("teacher", "anna", FRIDAY, "   "),
        ("teacher", "anna", FRIDAY, "x" * 501),
        ("teacher", "anna", date(2026, 9, 3), "поздно"),
    ],
)
def test_a_remark_has_its_teacher_its_student_its_term_and_its_length(school, login, student, day, text):
    actor, lesson = school.actor(login, Role.TEACHER), school.lesson("algebra", day)
    with pytest.raises(Refused):
        school.database.write(lambda uow: add_remark(uow, actor, lesson, school.people[student].uid, text))


def test_the_day_adds_up_the_minutes_of_what_is_due_on_it(school):
    teacher = school.teacher()
    text = lessons.LessonText(school.lesson("algebra", FRIDAY), 1, "Topic", "No. 5", 140, nothing_set=False)
    school.database.write(lambda uow: lessons.describe_lesson(uow, teacher, text))
    monday = week(school, "mother", Role.GUARDIAN).days[0]  # the next lesson
    assert (monday.load, monday.heavy, monday.fill) == ("for this day: 2 h 20 min of 2 h 30 min", True, "93%")


def test_a_class_teacher_reads_the_own_class_only(school):
    history = school.actor("historian", Role.CLASS_TEACHER)
    assert school.read(queries.may_read, history, TODAY, school.people["boris"].uid)
    alone = school.actor("teacher", Role.TEACHER)
    assert not school.read(queries.may_read, alone, TODAY, school.people["boris"].uid)


def test_who_joins_a_class_within_the_week_has_the_holidays_of_its_grade(school):
    """The grade was asked for the Monday alone."""
    monday, thursday, friday = (TODAY + timedelta(days=days) for days in (0, 3, 4))
    anna = school.people["anna"].id
    holiday = "INSERT INTO holiday (uid, year_id, name, starts_on, ends_on, grade) SELECT"
    for statement in (
        "UPDATE enrollment SET valid_from = :thursday WHERE person_id = :anna",
        f"{holiday} 'seventh', id, 'Excursion of grade 7', :friday, :friday, 7 FROM academic_year",
        f"{holiday} 'eighth', id, 'Excursion of grade 8', :friday, :friday, 8 FROM academic_year",
    ):
        school.database.write(
            lambda uow, one=statement: uow.execute(text(one), {"anna": anna, "thursday": thursday, "friday": friday})
        )
    week = DaySpan(monday, monday + timedelta(days=6))
    found = school.database.read(student_context.holidays, set(), anna, week)
    assert found[friday] == ("Excursion of grade 7", friday)


def test_an_idle_week_leads_to_the_next_one_with_lessons(school):
    """The week after holidays of two weeks is not their second one."""
    holidays = views.monday_of(date(2026, 8, 12))
    summary = week(school, "mother", Role.GUARDIAN, holidays).summary
    assert (summary.after, summary.after_weeks) == ("Show 31 August – 4 September", 3)
    first = week(school, "mother", Role.GUARDIAN, holidays + timedelta(weeks=3))
    assert any(day.lessons for day in first.days)


def test_an_idle_week_without_lessons_after_it_leads_nowhere(school):
    summary = week(school, "mother", Role.GUARDIAN, views.monday_of(date(2027, 7, 7))).summary
    assert (summary.idle != "", summary.after, summary.after_weeks) == (True, "", 0)
