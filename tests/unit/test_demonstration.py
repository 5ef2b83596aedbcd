"""The demonstration school: no clash in its timetable, people that fit together, kept through the services."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import text

from ais_app.ledger import verifying
from ais_app.setup.demo import behaviour, curriculum, people
from ais_app.setup.demo.founding import calendar, school_days
from ais_app.setup.demo.school import write_demonstration
from ais_app.setup.emptiness import DatabaseNotEmpty
from tests.unit.whole_record import record_faults


def test_nobody_is_in_two_places():
    slots = curriculum.timetable()
    busy = Counter(
        (teacher, slot.weekday, slot.number)
        for slot in slots
        for teacher in curriculum.HOURS[slot.grade][slot.subject][1].split(",")
    )
    assert max(busy.values()) == 1
    for grade, subjects in curriculum.HOURS.items():
        held = Counter(slot.subject for slot in slots if slot.grade == grade)
        assert held == {subject: hours for subject, (hours, _teacher) in subjects.items()}
        for weekday in range(1, 6):
            numbers = [slot.number for slot in slots if (slot.grade, slot.weekday) == (grade, weekday)]
            assert numbers == list(range(1, len(numbers) + 1))
            assert len(numbers) <= (5 if grade == 1 else 7)


def test_every_subject_has_a_plan_without_empty_topics():
    for grade, subjects in curriculum.HOURS.items():
        for subject, (hours, _teacher) in subjects.items():
            plan = curriculum.plan(grade, subject)
            topics = [next(plan) for _lesson in range(hours * 12)]
            assert all(one.topic for one in topics)
            assert len({one.topic for one in topics}) > len(topics) / 3


def test_people_fit_together():
    pupils = people.pupils()
    assert len(pupils) == 150
    assert len({(pupil.name.family, pupil.name.given) for pupil in pupils}) == 150
    assert all(pupil.guardians for pupil in pupils)
    assert people.pupils() == pupils
    children = [pupil for pupil in pupils if people.MOTHER in pupil.guardians]
    assert [(child.name.given, child.grade) for child in children] == [("Пётр", 5), ("Мария", 7)]


@pytest.mark.parametrize("first", [date(2026, 9, 1), date(2027, 12, 31), date(2028, 2, 29)])
def test_pupils_are_as_old_as_their_grade(first):
    """At 6½ to 8 years to the first grade, as the law has it; the same pupil is always born on the same day."""
    everybody = people.large_roster().pupils
    born = {pupil: people.birth_date(pupil, first) for pupil in everybody}
    for pupil, day in born.items():
        age = (first - day).days - round(365.25 * (pupil.grade - 1))
        assert 6.5 * 365.25 <= age <= 8 * 365.25, (pupil, day)
    assert born == {pupil: people.birth_date(pupil, first) for pupil in people.large_roster().pupils}
    assert len(set(born.values())) > 600


def test_first_grade_has_no_marks_and_absence_no_mark():
    random = Random(1)
    profiles = [behaviour.profile(random, date(2026, 9, 1), date(2027, 5, 31)) for _pupil in range(25)]
    for day in range(1, 28):
        for graded in (True, False):
            for entry in behaviour.entries(random, profiles, date(2026, 10, day), "КР", graded=graded):
                assert entry.text != "н" or entry.comment is None
                assert graded or not any(
                    sign in entry.text.split("/")[-1] for sign in "5432" if not entry.text.startswith("о")
                )


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2026, 7, 15), date(2026, 9, 1), date(2027, 1, 1)])
def test_today_is_always_in_the_middle_of_the_second_quarter(today):
    days = calendar(today)
    first, last = days.quarters[1]
    assert first < today < last


def test_the_school_is_written_and_kept(demonstration, database):
    assert demonstration.startswith("150 students")
    with pytest.raises(DatabaseNotEmpty):
        write_demonstration(database)

    def number(query: str) -> int:
        return database.read(lambda one: one.execute(text(query)).scalar_one())

    assert number("SELECT count(*) FROM mark") > 5000
    assert number("SELECT count(*) FROM period_lock") == 1
    assert number("SELECT count(*) FROM person WHERE birth_date IS NOT NULL") == 150, "of students only"
    assert number("SELECT count(*) FROM attendance WHERE reason = 'б'") > 100
    assert number("SELECT count(*) FROM lesson WHERE day < '2026-07-19' AND topic = ''") == 0
    kept = number("SELECT count(*) FROM lesson WHERE day BETWEEN '2026-07-13' AND '2026-07-19'")
    assert kept > 100, "a Sunday in July still shows a week that can be edited"
    assert database.read(lambda one: list(verifying.verify(one))) == []
    assert record_faults(database) == []


@pytest.mark.parametrize(
    "today", [date(2026, 11, 26), date(2026, 12, 24), date(2027, 1, 9), date(2026, 9, 1), date(2027, 5, 20)]
)
def test_nobody_teaches_on_public_holidays(today: date) -> None:
    days = calendar(today)
    taught = set(school_days(days, days.last))
    public = {(12, 31), (1, 1), (1, 7), (2, 23), (3, 8), (5, 1), (5, 9), (11, 4)}
    assert not {day for day in taught if (day.month, day.day) in public}
    ordered = sorted(days.holidays, key=lambda one: one[1])
    assert all(earlier[2] < later[1] for earlier, later in pairwise(ordered)), "holidays do not overlap"
