"""After the edit window: opening for hours, and no write that is let in a moment longer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.access import sessions
from ais_app.db.columns import new_uid
from ais_app.journal import settings
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.courses.queries.courses import course_to_write
from ais_app.journal.errors import BadLesson, CellsRefused
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.queries.taken_back import taken_back
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service.lessons import LessonText, add_lesson, add_work, change_work, describe_lesson
from ais_app.journal.lessons.service.taking_back import take_back_work
from ais_app.journal.remarks.service import add_remark, withdraw_remark
from ais_app.journal.windows import rules
from ais_app.journal.windows.rules import ColumnState
from ais_app.journal.windows.service.periods import close_period
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Role
from tests.builders import small_school
from tests.conftest import MONDAY
from tests.settings import begin_with
from tests.unit.openings import (
    ALSO_LOCKED,
    IN_CLOSED,
    LOCKED,
    OPEN,
    TODAY,
    ask,
    at,
    class_id,
    course_id,
    deputy,
    grant,
    key,
    open_for,
    refusal,
)

# The rule

days = st.dates(date(2026, 9, 1), date(2027, 5, 28))
moments = st.builds(lambda minutes: MONDAY + timedelta(minutes=minutes), st.integers(-120_000, 260_000))


@given(
    st.builds(
        rules.Opening,
        uid=st.just("a"),
        days=st.builds(lambda first, more: DaySpan(first, first + timedelta(days=more)), days, st.integers(0, 200)),
        until=moments,
        pupil=st.sampled_from(["", "anna"]),
        over_closed_period=st.booleans(),
    ),
    st.sampled_from(ColumnState),
    days,
    moments,
    st.sampled_from(["", "anna", "boris"]),
)
def test_an_opening_lets_in_what_it_is_about_until_its_moment_and_nothing_else(opening, state, day, now, pupil):
    moment = at(now)
    lets_in = rules.admitting([opening], state, day, moment, pupil) is not None
    expected = (
        opening.days.first <= day <= opening.days.last
        and day <= moment.day
        and now < opening.until
        and (opening.pupil == "" or opening.pupil == pupil)
        and (state is ColumnState.LOCKED or (state is ColumnState.CLOSED and opening.over_closed_period))
    )
    assert lets_in is expected
    assert rules.admitting([], state, day, moment, pupil) is None
    if lets_in:
        assert rules.admitting([opening], state, day, at(opening.until), pupil) is None


# Asking, opening, closing by itself


def test_a_locked_lesson_is_asked_for_opened_for_a_day_and_closes_by_itself(school, clock):
    teacher = school.teacher()
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "5", 0))] == ["locked"]
    until = grant(school, ask(school))
    assert until == MONDAY + timedelta(hours=24)
    school.enter(teacher, "algebra", ("anna", LOCKED, "5", 0))
    clock.moment = until - timedelta(microseconds=1)
    school.enter(teacher, "algebra", ("anna", LOCKED, "4", 1))
    clock.moment = until
    refused = refusal(school, ("anna", LOCKED, "3", 2))
    assert [cell.code for cell in refused] == ["locked"]
    assert refused[0].text.startswith("It was open until 12:00, this came later."), "the entry is told why it came late"
    assert refused[0].value == "4"
    assert [cell.code for cell in refusal(school, ("anna", ALSO_LOCKED, "5", 0))] == ["locked"], "only the asked day"


def test_the_hours_of_an_opening_are_a_setting_of_the_school(school):
    begin_with(school.database, school.ref, settings.OPENING_HOURS, 3)
    assert grant(school, ask(school)) == MONDAY + timedelta(hours=3)


def test_everything_that_writes_into_a_lesson_goes_by_the_same_rule(school, clock):
    """Marks, topic, column, kind of work, remark, another lesson of the day: open together, shut together."""
    teacher, lesson, anna = school.teacher(), school.lesson("algebra", LOCKED), school.people["anna"].uid
    work, remark = school.work("algebra", LOCKED), []

    def attempts():
        version = key(school, "SELECT version FROM lesson WHERE uid = :uid", uid=lesson)
        number = key(school, "SELECT max(number) + 1 FROM lesson WHERE day = :day", day=LOCKED)
        topic = f"Topic {version}"
        kind = school.types["CW"] if len(remark) % 2 else school.types["LW"]
        return {
            "topic": lambda uow: describe_lesson(uow, teacher, LessonText(lesson, version, topic, "", None, False)),
            "column": lambda uow: add_work(uow, teacher, lesson, school.types["CW"]),
            "kind": lambda uow: change_work(uow, teacher, work, kind),
            "lesson": lambda uow: add_lesson(uow, teacher, school.courses["algebra"], LOCKED, number),
            "remark": lambda uow: remark.append(add_remark(uow, teacher, lesson, anna, "Well")),
        }

    def refused() -> set[str]:
        found = set()
        for name, attempt in attempts().items():
            try:
                school.database.write(attempt)
            except BadLesson:
                found.add(name)
        return found

    everything = {"topic", "column", "kind", "lesson", "remark"}
    assert refused() == everything
    until = grant(school, ask(school))
    assert refused() == set()
    clock.moment = until
    assert refused() == everything
    with pytest.raises(BadLesson, match="It was open until 12:00"):
        school.database.write(lambda uow: withdraw_remark(uow, teacher, remark[0]))


def test_what_is_taken_back_under_an_opening_can_be_put_back_while_it_lasts(school, clock):
    """The list asked the window alone: a column taken back after it was nowhere to be found."""
    teacher, lesson = school.teacher(), school.lesson("algebra", LOCKED)

    def to_put_back() -> list[str]:
        def read(connection):
            reading = Reading.at(connection, teacher, clock.moment)
            return [one.uid for one in taken_back(reading, course_to_write(reading, school.courses["algebra"]))]

        return school.database.read(read)

    until = grant(school, ask(school))
    column = school.database.write(lambda uow: add_work(uow, teacher, lesson, school.types["CW"]))
    school.database.write(lambda uow: take_back_work(uow, teacher, column))
    assert to_put_back() == [column]
    clock.moment = until
    assert to_put_back() == []


def test_an_opening_of_one_student_is_for_that_student_alone(school):
    grant(school, ask(school, student="anna"))
    school.enter(school.teacher(), "algebra", ("anna", LOCKED, "5", 0))
    refused = refusal(school, ("anna", LOCKED, "4", 1), ("boris", LOCKED, "4", 0))
    assert [(cell.student, cell.code) for cell in refused] == [(school.people["boris"].uid, "locked")]
    lesson = school.lesson("algebra", LOCKED)
    text_of = LessonText(lesson, 1, "Roots", "", None, False)
    with pytest.raises(BadLesson):
        school.database.write(lambda uow: describe_lesson(uow, school.teacher(), text_of))
    school.database.write(lambda uow: add_remark(uow, school.teacher(), lesson, school.people["anna"].uid, "Well"))
    with pytest.raises(BadLesson):
        school.database.write(lambda uow: add_remark(uow, school.teacher(), lesson, school.people["boris"].uid, "No"))


def test_an_opening_of_a_class_is_for_the_teachers_of_its_courses(school):
    until = MONDAY + timedelta(hours=2)
    open_for(school, until, days=DaySpan(ALSO_LOCKED, LOCKED), class_id=class_id(school))
    historian = school.actor("historian", Role.TEACHER)
    school.enter(school.teacher(), "algebra", ("anna", ALSO_LOCKED, "5", 0))
    school.enter(historian, "history", ("anna", LOCKED, "5", 0))
    assert [cell.code for cell in refusal(school, ("anna", date(2026, 11, 11), "5", 0))] == ["locked"]
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "5", 0), actor=historian)] == ["denied"]


def test_an_opening_of_another_course_or_school_opens_nothing_here(school):
    until = MONDAY + timedelta(hours=2)
    open_for(school, until, days=DaySpan(LOCKED, LOCKED), course_id=course_id(school, "history"))
    other = small_school(school.database, "other-")
    with pytest.raises(NotYours):
        open_for(other, until, days=DaySpan(LOCKED, LOCKED), course_id=course_id(school))
    with pytest.raises(NotYours):
        open_for(school, until, days=DaySpan(LOCKED, LOCKED))
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "5", 0))] == ["locked"]


def test_s30_a_closed_period_stays_closed_unless_the_opening_says_that_it_reaches_over_it(school):
    until = MONDAY + timedelta(hours=2)
    school.database.write(lambda uow: close_period(uow, deputy(school), school.periods[0]))
    reach = {"days": DaySpan(IN_CLOSED, IN_CLOSED), "course_id": course_id(school)}
    open_for(school, until, **reach)
    assert [cell.code for cell in refusal(school, ("anna", IN_CLOSED, "5", 0))] == ["closed"]
    with pytest.raises(BadLesson, match="closed"):
        ask(school, IN_CLOSED)
    open_for(school, until, **reach, over_closed_period=True)
    school.database.write(
        lambda uow: change_work(uow, school.teacher(), school.work("algebra", IN_CLOSED), school.types["CW"])
    )
    school.enter(school.teacher(), "algebra", ("anna", IN_CLOSED, "5", 0))


def test_s30_a_period_that_is_closed_ends_what_was_opened_in_it(school):
    grant(school, ask(school))
    school.enter(school.teacher(), "algebra", ("anna", LOCKED, "5", 0))
    school.database.write(lambda uow: close_period(uow, deputy(school), school.periods[1]))
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "4", 1))] == ["closed"]


def test_the_class_teacher_writes_a_reason_into_a_closed_period_only_while_it_is_opened(school, clock):
    """The reason of an absence has no window, but a closed period: the same term holds."""
    begin_with(school.database, school.ref, settings.EDIT_WINDOW, 100)
    for login in ("anna", "boris"):
        school.enter(school.teacher(), "algebra", (login, IN_CLOSED, "н", 0))
    school.database.write(lambda uow: close_period(uow, deputy(school), school.periods[0]))
    leader = school.actor("historian", Role.CLASS_TEACHER)

    def excused(login: str) -> int:
        paper = Excuse(school.people[login].uid, DaySpan(IN_CLOSED, IN_CLOSED), "б", "note")
        return school.database.write(lambda uow: excuse(uow, leader, paper))

    until = MONDAY + timedelta(hours=2)
    reach = {"days": DaySpan(IN_CLOSED, IN_CLOSED), "course_id": course_id(school)}
    assert excused("anna") == 0
    open_for(school, until, **reach)
    assert excused("anna") == 0, "an opening that does not reach over the closing"
    open_for(school, until, **reach, over_closed_period=True, person_id=school.people["anna"].id)
    assert (excused("boris"), excused("anna")) == (0, 1)
    open_for(school, until, **reach, over_closed_period=True)
    clock.moment = until
    assert excused("boris") == 0


def test_a_lesson_ahead_is_not_opened(school):
    """A span of days that reaches into what has not taken place yet."""
    open_for(school, MONDAY + timedelta(hours=2), days=DaySpan(LOCKED, date(2026, 12, 24)), course_id=course_id(school))
    assert [cell.code for cell in refusal(school, ("anna", date(2026, 11, 24), "5", 0))] == ["future"]


# What is remembered holds no longer than its term


def test_what_is_remembered_of_a_course_lets_nothing_in_that_a_fresh_read_would_not(school, clock):
    """Openings that begin and end, midnights, a teacher who leaves: each write as if nothing were remembered."""
    random, teacher, closed = Random(12), school.teacher(), 0
    school.database.write(
        lambda uow: uow.execute(
            text("UPDATE course_teacher SET valid_to = :day WHERE person_id = :person"),
            {"day": date(2026, 11, 27), "person": school.people["teacher"].id},
        )
    )
    places = [(login, day) for login in ("anna", "boris") for day in (LOCKED, OPEN, TODAY, date(2026, 11, 20))]
    versions: dict[tuple[str, date], int] = {}

    def attempt(login: str, day: date, forget: bool):
        version = versions.get((login, day), 0)
        entry = MarkEntry(school.people[login].uid, school.work("algebra", day), "54"[version % 2], version)

        def work(uow):
            if forget:
                uow.shared.memory.clear()
            enter_marks(uow, teacher, MarksOperation(new_uid(), school.courses["algebra"], [entry]))

        try:
            school.database.write(work)
        except CellsRefused as error:
            return error.cells[0].code, error.cells[0].text
        except NotYours:
            return "nothing", ""
        versions[login, day] = version + 1
        return "written", ""

    codes = set()
    for _step in range(120):
        login, day = random.choice(places)
        if random.random() < 0.15 and clock.moment < datetime(2026, 11, 27, tzinfo=UTC):
            reach = {"days": DaySpan(LOCKED, random.choice([LOCKED, OPEN, TODAY])), "course_id": course_id(school)}
            if random.random() < 0.5:
                reach["person_id"] = school.people["anna"].id
            open_for(school, clock.moment + timedelta(minutes=random.randint(1, 3000)), **reach)
        warm = attempt(login, day, forget=False)
        cold = attempt(login, day, forget=True)
        assert warm == cold, (clock.moment, login, day)
        codes.add(warm[0])
        closed += warm[0] == "locked"
        clock.advance(minutes=random.choice([0, 1, 30, 400]))
    assert codes >= {"written", "locked"}
    assert closed > 5


def test_a_role_that_ends_at_midnight_is_not_remembered_into_the_next_day(school, clock, monkeypatch):
    import asyncio

    monkeypatch.setattr(sessions, "CACHE_SECONDS", 3600.0)
    from ais_app.access import service

    token = sessions.new_token()
    signing = service.SignIn("teacher", "127.0.0.1", sessions.hash_token(token), personal_device=True)
    school.database.write(lambda uow: service.sign_in(uow, signing))
    school.database.write(
        lambda uow: uow.execute(
            text("UPDATE role_assignment SET valid_to = '2026-11-24' WHERE person_id = :person"),
            {"person": school.people["teacher"].id},
        )
    )
    registry = sessions.SessionRegistry(school.database)
    clock.moment = datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC)
    assert asyncio.run(registry.actor(token)) is not None
    clock.moment = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert asyncio.run(registry.actor(token)) is None
