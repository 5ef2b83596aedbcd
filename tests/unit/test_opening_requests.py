"""Asking for a lesson after its window and answering: who may, how often, and with what reason."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ais_app.db.columns import new_uid
from ais_app.journal.errors import AlreadyAnswered, BadLesson
from ais_app.journal.windows.queries import openings as reads
from ais_app.journal.windows.service import openings
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.builders import small_school
from tests.conftest import MONDAY
from tests.unit.openings import ALSO_LOCKED, LOCKED, OPEN, TODAY, _opening, ask, deputy, grant, key, refusal


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
    assert school.read(reads.waiting, actor, school.database.clock.now()) == []
    assert school.read(reads.open_now, actor, MONDAY) == []


def test_s05_a_request_of_another_school_is_not_there(school):
    other = small_school(school.database, "other-")
    request = ask(school)
    assert school.read(reads.waiting, deputy(other), school.database.clock.now()) == []
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
    assert [line.day for line in school.read(reads.waiting, deputy(school), school.database.clock.now())] == [
        ALSO_LOCKED
    ]
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
    (line,) = school.read(reads.waiting, deputy(school), school.database.clock.now())
    school.database.write(lambda uow: openings.decline(uow, deputy(school), line.uid, "No"))
    ask(school, student="anna")


def test_a_deputy_closes_before_the_term(school):
    grant(school, ask(school))
    school.enter(school.teacher(), "algebra", ("anna", LOCKED, "5", 0))
    (line,) = school.read(reads.open_now, deputy(school), MONDAY)
    school.database.write(lambda uow: openings.close(uow, deputy(school), line.uid))
    assert [cell.code for cell in refusal(school, ("anna", LOCKED, "4", 1))] == ["locked"]
    with pytest.raises(AlreadyAnswered):
        school.database.write(lambda uow: openings.close(uow, deputy(school), line.uid))
    assert school.read(reads.open_now, deputy(school), MONDAY) == []
