"""After the edit window: asking, opening for hours, declining; and that no write is let in a moment longer."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from ais_app.access import sessions
from ais_app.clock import SchoolMoment, school_moment
from ais_app.db.columns import new_uid, table
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.errors import AlreadyAnswered, BadLesson, CellsRefused
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.grid.views import opened
from ais_app.journal.kinds import OPENING_GRANTED
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service.lessons import LessonText, add_lesson, add_work, change_work, describe_lesson
from ais_app.journal.lessons.service.taking_back import put_back_work, take_back_work
from ais_app.journal.lessons.views import panels
from ais_app.journal.remarks.service import add_remark, put_back_remark, withdraw_remark
from ais_app.journal.windows import rules
from ais_app.journal.windows.models import Opening, OpeningRequest
from ais_app.journal.windows.queries import openings as reads
from ais_app.journal.windows.rules import ColumnState
from ais_app.journal.windows.service import openings
from ais_app.journal.windows.service.openings import Asked, Reach
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import verifying
from ais_app.ledger.operation import operation
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Right, Role
from tests.builders import small_school
from tests.conftest import MONDAY

ZONE = "Europe/Moscow"
TODAY, OPEN, LOCKED, ALSO_LOCKED = (date(2026, 11, day) for day in (23, 16, 13, 12))
IN_CLOSED = date(2026, 10, 20)
_opening, _request = table(Opening), table(OpeningRequest)


def deputy(school):
    return school.actor("deputy", Role.DEPUTY)


def ask(school, day: date = LOCKED, student: str = "", actor=None, reason: str = "She was ill") -> str:
    who = actor or school.teacher()
    asked = Asked(school.lesson("algebra", day), reason, school.people[student].uid if student else "")
    return school.database.write(lambda uow: openings.ask(uow, who, asked))


def grant(school, request: str) -> datetime:
    return school.database.write(lambda uow: openings.grant(uow, deputy(school), request))


def open_for(school, until: datetime, **reach) -> str:
    """An opening as a later reopening will make it: any scope, past the requests."""

    def work(uow):
        with operation(uow, deputy(school), OPENING_GRANTED, Right.OPEN_EDITING, "order 12") as op:
            return openings.open_editing(op, Reach(**reach), until)

    return school.database.write(work)


def key(school, query: str, **values) -> int:
    return school.database.read(lambda one: one.execute(text(query), values).scalar_one())


def course_id(school, name: str = "algebra") -> int:
    return key(school, "SELECT id FROM course WHERE uid = :uid", uid=school.courses[name])


def class_id(school) -> int:
    return key(school, "SELECT class_id FROM course WHERE uid = :uid", uid=school.courses["algebra"])


def at(moment: datetime) -> SchoolMoment:
    return school_moment(moment, ZONE)


def refusal(school, *cells, actor=None):
    with pytest.raises(CellsRefused) as error:
        school.enter(actor or school.teacher(), "algebra", *cells)
    return error.value.cells


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
    school.database.write(lambda uow: uow.execute(text("UPDATE school SET opening_hours = 3")))
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
    school.database.write(lambda uow: uow.execute(text("UPDATE school SET edit_window_days = 100")))
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


# Who asks and who answers


@pytest.mark.parametrize("login", ["historian", "deputy", "director", "school_admin", "inspector", "secretary", "mother", "anna"])  # fmt: skip
def test_s08_only_the_teacher_of_the_lesson_asks(school, login):
    role = {"historian": Role.TEACHER, "mother": Role.GUARDIAN, "anna": Role.STUDENT}.get(login)
    with pytest.raises(NotYours):
        ask(school, actor=school.actor(login, role or Role(login)))
    assert key(school, "SELECT count(*) FROM opening_request") == 0


@pytest.mark.parametrize("login", ["teacher", "historian", "director", "school_admin", "inspector", "secretary", "mother", "anna"])  # fmt: skip
def test_s08_only_a_deputy_opens_declines_and_closes(school, login):
    """D-2: the unlock is the deputy's decision."""
    role = {"historian": Role.CLASS_TEACHER, "mother": Role.GUARDIAN, "anna": Role.STUDENT}.get(login)
    actor, request = school.actor(login, role or Role(login)), ask(school)
    with pytest.raises(NotYours):
        school.database.write(lambda uow: openings.grant(uow, actor, request))
    with pytest.raises(NotYours):
        school.database.write(lambda uow: openings.decline(uow, actor, request, "No"))
    grant(school, request)
    opening = school.database.read(lambda one: one.execute(select(_opening.c.uid)).scalar_one())
    with pytest.raises(NotYours):
        school.database.write(lambda uow: openings.close(uow, actor, opening))
    assert school.database.read(reads.waiting, actor) == []
    assert school.database.read(reads.open_now, actor, MONDAY) == []


def test_s05_a_request_of_another_school_is_not_there(school):
    other = small_school(school.database, "other-")
    request = ask(school)
    assert school.database.read(reads.waiting, deputy(other)) == []
    for attempt in (
        lambda uow: openings.grant(uow, deputy(other), request),
        lambda uow: openings.decline(uow, deputy(other), request, "No"),
        lambda uow: openings.withdraw(uow, other.teacher(), request),
        lambda uow: openings.grant(uow, deputy(school), new_uid()),
    ):
        with pytest.raises(NotYours):
            school.database.write(attempt)


def test_a_request_is_answered_once(school):
    request = ask(school)
    with pytest.raises(BadLesson, match="sentence"):
        school.database.write(lambda uow: openings.decline(uow, deputy(school), request, "  "))
    school.database.write(lambda uow: openings.decline(uow, deputy(school), request, "The order says no"))
    for attempt in (
        lambda uow: openings.grant(uow, deputy(school), request),
        lambda uow: openings.decline(uow, deputy(school), request, "No"),
        lambda uow: openings.withdraw(uow, school.teacher(), request),
    ):
        with pytest.raises(AlreadyAnswered):
            school.database.write(attempt)
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "5", 0))] == ["locked"]
    assert ask(school) != request, "one may ask again"


def test_one_request_for_a_lesson_waits_at_a_time_and_its_teacher_takes_it_back(school):
    request = ask(school)
    with pytest.raises(BadLesson, match="waiting for its answer"):
        ask(school, student="anna")
    ask(school, ALSO_LOCKED)
    with pytest.raises(NotYours):
        school.database.write(lambda uow: openings.withdraw(uow, school.actor("historian", Role.TEACHER), request))
    school.database.write(lambda uow: openings.withdraw(uow, school.teacher(), request))
    assert [line.day for line in school.database.read(reads.waiting, deputy(school))] == [ALSO_LOCKED]
    ask(school)


def test_s50_asking_and_taking_back_has_an_end(school, clock):
    for _round in range(openings.MOST_IN_AN_HOUR):
        request = ask(school)
        school.database.write(lambda uow, one=request: openings.withdraw(uow, school.teacher(), one))
    with pytest.raises(BadLesson, match="many lessons"):
        ask(school)
    clock.advance(hours=1)
    ask(school)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_request_has_a_reason(school, reason):
    with pytest.raises(BadLesson) as error:
        ask(school, reason=reason)
    assert error.value.field == "reason"


@pytest.mark.parametrize("day", [TODAY, OPEN, date(2026, 11, 24)])
def test_what_can_be_written_is_not_asked_for(school, day):
    with pytest.raises(BadLesson):
        ask(school, day)


def test_what_is_opened_is_not_asked_for_again(school, clock):
    until = grant(school, ask(school, student="anna"))
    ask(school)  # the whole lesson is another thing
    with pytest.raises(BadLesson):
        ask(school, student="anna")
    clock.moment = until
    (line,) = school.database.read(reads.waiting, deputy(school))
    school.database.write(lambda uow: openings.decline(uow, deputy(school), line.uid, "No"))
    ask(school, student="anna")


def test_a_deputy_closes_before_the_term(school):
    grant(school, ask(school))
    school.enter(school.teacher(), "algebra", ("anna", LOCKED, "5", 0))
    (line,) = school.database.read(reads.open_now, deputy(school), MONDAY)
    school.database.write(lambda uow: openings.close(uow, deputy(school), line.uid))
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "4", 1))] == ["locked"]
    with pytest.raises(AlreadyAnswered):
        school.database.write(lambda uow: openings.close(uow, deputy(school), line.uid))
    assert school.database.read(reads.open_now, deputy(school), MONDAY) == []


# What is shown


def panel_of(school, actor, day: date = LOCKED, student: str = "anna", moment: datetime = MONDAY):
    grant_ = ViewGrant(actor, school.courses["algebra"], SEAL)
    place = (school.work("algebra", day), school.people[student].uid)
    return school.database.read(panels, grant_, *place, at(moment))


def test_the_panel_says_what_was_asked_answered_and_until_when_it_is_open(school, clock):
    teacher = school.teacher()
    asking = panel_of(school, teacher)[0].asking
    assert (asking.may, asking.asked, asking.opened) == (True, "", "")
    request = ask(school)
    asking = panel_of(school, teacher)[0].asking
    assert (asking.waiting, asking.asked) == (request, "The request was sent on 23 November, 12:00: She was ill")
    school.database.write(lambda uow: openings.decline(uow, deputy(school), request, "Ask the parents"))
    asking = panel_of(school, teacher)[0].asking
    assert (asking.may, asking.waiting) == (True, "")
    assert asking.declined == "Declined on 23 November, 12:00 by Deputy A. I.: Ask the parents"
    until = grant(school, ask(school, student="anna"))
    lesson, cell = panel_of(school, teacher)
    assert lesson.asking.opened == "13 November is open until 24 November, 12:00 (Deputy A. I.). Only for Anna Alex."
    assert (lesson.open, lesson.marks_open, lesson.cell_open, cell.name) == (False, False, True, "Anna Alex")
    assert panel_of(school, teacher, student="boris")[0].cell_open is False
    over = panel_of(school, teacher, moment=until)[0]
    assert (over.cell_open, over.asking.may) == (False, True)
    assert (over.asking.opened, over.asking.ended) == ("", "It was open until 12:00 (Deputy A. I.).")


def test_others_see_that_it_is_open_but_not_what_was_asked(school):
    request = ask(school)
    seen = panel_of(school, deputy(school))[0]
    assert (seen.asking.may, seen.asking.asked, seen.asking.waiting) == (False, "", "")
    grant(school, request)
    seen = panel_of(school, deputy(school))[0]
    assert seen.asking.opened.startswith("13 November is open until")
    assert (seen.open, seen.marks_open, seen.cell_open) == (False, False, False)


def test_the_sheet_says_which_columns_are_open_until_when_and_by_whom(school):
    def sheet(actor, moment=MONDAY):
        place = ("", school.lesson("algebra", LOCKED))
        return school.database.read(opened, ViewGrant(actor, school.courses["algebra"], SEAL), place, at(moment)).sheet

    teacher = school.teacher()
    assert "openings" not in sheet(teacher), "a sheet without openings is no byte longer"
    until = grant(school, ask(school))
    view = sheet(teacher)
    names, *columns = view["columns"]
    index = next(i for i, one in enumerate(columns) if one[names.index("id")] == school.work("algebra", LOCKED))
    assert columns[index][names.index("state")] == "locked", "what it is without the opening, for the moment after it"
    expected = {
        "until": int(until.timestamp() * 1000),
        "about": "13 November is open until 24 November, 12:00 (Deputy A. I.).",
        "student": "",
        "columns": [index],
        "may": True,
    }
    assert view["openings"] == [expected]
    assert sheet(deputy(school))["openings"] == [expected | {"may": False}]
    assert "openings" not in sheet(teacher, until)


def test_the_history_of_a_cell_names_by_whose_opening_it_was_entered_and_why(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 0))
    grant(school, ask(school, reason="Written on 12 November"))
    school.enter(school.teacher(), "algebra", ("anna", LOCKED, "5", 0))
    assert [step.opening for step in panel_of(school, school.teacher())[1].history] == [
        "Deputy A. I., Written on 12 November"
    ]
    assert [step.opening for step in panel_of(school, school.teacher(), TODAY)[1].history] == [""]


def test_every_change_that_only_an_opening_lets_in_names_it_in_the_ledger(school, clock):
    teacher, lesson, anna = school.teacher(), school.lesson("algebra", LOCKED), school.people["anna"].uid
    until = grant(school, ask(school))
    school.enter(teacher, "algebra", ("anna", TODAY, "4", 0), ("anna", LOCKED, "5", 0))
    texts = LessonText(lesson, 1, "Roots", "No. 5", None, False)
    school.database.write(lambda uow: describe_lesson(uow, teacher, texts))
    remark = school.database.write(lambda uow: add_remark(uow, teacher, lesson, anna, "Well"))
    school.database.write(lambda uow: withdraw_remark(uow, teacher, remark))
    column = school.database.write(lambda uow: add_work(uow, teacher, lesson, school.types["CW"]))
    school.database.write(lambda uow: change_work(uow, teacher, column, school.types["LW"]))
    school.database.write(lambda uow: take_back_work(uow, teacher, column))
    query = text(
        "SELECT operation_item.subject, operation_item.data FROM operation_item JOIN operation ON operation.id = operation_id "
        "WHERE operation.account = :account AND kind <> 'opening_asked' ORDER BY operation_item.id"
    )
    rows = school.database.read(lambda one: one.execute(query, {"account": teacher.account_uid}).all())
    opening = school.database.read(lambda one: one.execute(select(_opening.c.uid)).scalar_one())
    within = f"{anna}:{school.work('algebra', TODAY)}"
    named = {row.subject: json.loads(row.data)["after"].get("opening") for row in rows}
    assert named.pop(within) is None, "what the window lets in anyway needs no opening"
    assert set(named) == {f"{anna}:{school.work('algebra', LOCKED)}", lesson, remark, column}
    assert set(named.values()) == {opening}
    clock.moment = until
    for attempt in (
        lambda uow: put_back_work(uow, teacher, column),
        lambda uow: put_back_remark(uow, teacher, remark),
    ):
        with pytest.raises(BadLesson, match="It was open until 12:00"):
            school.database.write(attempt)


def test_all_of_it_stands_in_the_ledger_with_reason_and_author(school):
    first = ask(school)
    school.database.write(lambda uow: openings.withdraw(uow, school.teacher(), first))
    second = ask(school)
    school.database.write(lambda uow: openings.decline(uow, deputy(school), second, "No"))
    grant(school, ask(school))
    (line,) = school.database.read(reads.open_now, deputy(school), MONDAY)
    school.database.write(lambda uow: openings.close(uow, deputy(school), line.uid))
    query = text("SELECT kind, hat FROM operation WHERE kind LIKE 'opening_%' ORDER BY sequence")
    told = [(row.kind, row.hat.partition(":")[0]) for row in school.database.read(lambda one: one.execute(query).all())]
    assert told == [
        ("opening_asked", "teaching"),
        ("opening_withdrawn", "teaching"),
        ("opening_asked", "teaching"),
        ("opening_declined", "deputy"),
        ("opening_asked", "teaching"),
        ("opening_granted", "deputy"),
        ("opening_closed", "deputy"),
    ]
    why = text("SELECT text FROM operation_reason ORDER BY operation_id")
    ill = "She was ill"  # asked, asked, declined, asked, granted
    assert school.database.read(lambda one: one.execute(why).scalars().all()) == [ill, ill, "No", ill, ill]
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


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
