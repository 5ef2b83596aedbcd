"""Rights that hang on a relation are asked at the date of what they touch, not at today's."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.today import queries as reads
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role

WEDNESDAY, THURSDAY, FRIDAY, TODAY = (date(2026, 11, day) for day in (18, 19, 20, 23))


@pytest.fixture
def absent(school):
    """Anna missed algebra on three days, and nobody knows why."""
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        school.enter(school.teacher(), "algebra", ("anna", day, "н", 0))
    return school


def change(school, statement: str, **values) -> None:
    school.database.write(lambda uow: uow.execute(text(statement), values))


def excused(school, login: str = "historian", role: Role = Role.CLASS_TEACHER, last: date = FRIDAY) -> int:
    paper = Excuse(school.people["anna"].uid, DaySpan(WEDNESDAY, last), "б", "note")
    actor = school.actor(login, role)
    return school.database.write(lambda uow: excuse(uow, actor, paper))


def shown(school) -> set[date]:
    actor = school.actor("historian", Role.CLASS_TEACHER)
    return {line.day for line in school.read(reads.missing, actor, TODAY)}


LED = "UPDATE class_leading SET valid_from = :first, valid_to = :last"


def test_s09_a_document_touches_the_lessons_of_days_on_which_the_class_was_led(absent):
    change(absent, LED, first="2026-11-19", last="2026-11-20")
    assert shown(absent) == {THURSDAY}
    assert excused(absent) == 1, "neither the day before nor the day after"
    assert excused(absent, "deputy", Role.DEPUTY) == 2, "who reaches the whole school writes the others"


def test_s09_who_leads_the_class_since_today_writes_nothing_into_the_days_before(absent):
    change(absent, LED, first="2026-11-23", last=None)
    with pytest.raises(NotYours):
        excused(absent)
    assert shown(absent) == set()


def test_s09_a_student_who_came_into_the_class_today_was_not_its_own_before(absent):
    change(
        absent,
        "UPDATE enrollment SET valid_from = :day WHERE person_id = :person",
        day="2026-11-20",
        person=absent.people["anna"].id,
    )
    assert shown(absent) == {FRIDAY}
    assert excused(absent) == 1
    with pytest.raises(NotYours):
        excused(absent, last=THURSDAY)


def test_s09_the_class_and_its_teacher_must_have_been_together_on_one_day(absent):
    """She was in the class until Wednesday, he led it from Friday on: both stand in the span, never together."""
    person = absent.people["anna"].id
    change(absent, "UPDATE enrollment SET valid_to = :day WHERE person_id = :person", day="2026-11-19", person=person)
    change(absent, LED, first="2026-11-20", last=None)
    with pytest.raises(NotYours):
        excused(absent)
