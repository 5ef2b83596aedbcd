"""Birthdays of the class: which day, what age, and whom they are shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.birthdays.queries import AHEAD, birthdays
from ais_app.birthdays.rules import age_on, next_birthday
from ais_app.rights.rules import Role

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born", "today", "day", "age"),
    [
        (date(2013, 11, 23), date(2026, 11, 23), date(2026, 11, 23), 13),
        (date(2013, 11, 22), date(2026, 11, 23), date(2027, 11, 22), 14),
        (date(2013, 1, 2), date(2026, 12, 31), date(2027, 1, 2), 14),
        (date(2012, 2, 29), date(2026, 2, 20), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 20), date(2028, 2, 29), 16),
    ],
)
def test_the_next_birthday_and_the_age(born, today, day, age):
    assert next_birthday(born, today) == day
    assert age_on(born, day) == age


@given(born=DAYS, today=DAYS)
def test_the_next_birthday_is_within_a_year_and_adds_one(born, today):
    day = next_birthday(born, today)
    assert 0 <= (day - today).days <= 366
    assert age_on(born, day) == day.year - born.year
    assert age_on(born, today) in {age_on(born, day), age_on(born, day) - 1}


def test_the_class_teacher_sees_those_of_two_weeks_and_nobody_else_does(school):
    write = "UPDATE person SET birth_date = :born WHERE id = :id"
    for login, born in (("anna", date(2013, 12, 7)), ("boris", date(2013, 11, 23)), ("vera", date(2013, 12, 8))):
        values = {"born": born.isoformat(), "id": school.people[login].id}
        school.database.write(lambda uow, values=values: uow.execute(text(write), values))
    read = school.read
    found = read(birthdays, school.actor("historian", Role.CLASS_TEACHER), TODAY)
    assert [(one.day, one.name, one.age) for one in found] == [
        (date(2026, 11, 23), "Boris Alex", 13),
        (TODAY + AHEAD, "Anna Alex", 13),
    ]
    for login, role in (("teacher", Role.TEACHER), ("deputy", Role.DEPUTY), ("mother", Role.GUARDIAN)):
        assert read(birthdays, school.actor(login, role), TODAY) == []
