"""Comparison with the class (D-51): off unless the school says so; then one number a subject, from eight students on."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.diary import settings as diary
from ais_app.diary.progress import class_means, queries, state, views
from ais_app.journal.lessons.rules import DaySpan
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role, operator
from ais_app.school import rules, service
from ais_app.school.models import Course
from tests.builders import YEAR_FROM, SmallSchool
from tests.settings import begin_with

TODAY = date(2026, 11, 23)
QUARTER = DaySpan(date(2026, 11, 1), date(2026, 12, 31))


@pytest.fixture
def full(school: SmallSchool) -> SmallSchool:
    """Eight students of 7А have a mark in algebra: 2, 3, 4, 5 twice; `mother` sees anna alone."""

    def add(uow) -> list[rules.PersonRef]:
        drafts = [rules.PersonDraft(f"Pupil {number}", "Other", "") for number in range(6)]
        people = service.add_people(uow, operator(), school.ref, drafts)
        course = table(Course)
        group = uow.execute(select(course.c.group_id).where(course.c.uid == school.courses["algebra"])).scalar_one()
        changes = [rules.TermChange(group, person, None, rules.DatedFrom(YEAR_FROM)) for person in people]
        service.change_memberships(uow, operator(), school.ref, changes)
        return people

    for number, person in enumerate(school.database.write(add)):
        school.people[f"pupil{number}"] = person
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "2", 0), ("boris", TODAY, "3", 0))
    for number, mark in enumerate(("4", "5", "2", "3", "4")):
        school.enter(school.teacher(), "algebra", (f"pupil{number}", TODAY, mark, 0))
    return school


def means(school: SmallSchool, login: str = "mother", role: Role = Role.GUARDIAN):
    actor, anna = school.actor(login, role), school.people["anna"].uid
    return school.read(class_means.class_means, actor, TODAY, anna, QUARTER)


def test_nobody_is_compared_unless_the_school_says_so(full):
    full.enter(full.teacher(), "algebra", ("pupil5", TODAY, "5", 0))
    assert means(full) == {}


def test_seven_students_are_no_class_and_eight_are(full):
    begin_with(full.database, full.ref, diary.CLASS_MEAN, value=True)
    assert means(full) == {}
    full.enter(full.teacher(), "algebra", ("pupil5", TODAY, "5", 0))
    assert means(full) == {full.courses["algebra"]: Fraction(2 + 3 + 4 + 5 + 2 + 3 + 4 + 5, 8)}


def test_a_foreign_student_is_compared_for_nobody(full):
    begin_with(full.database, full.ref, diary.CLASS_MEAN, value=True)
    with pytest.raises(NotYours):
        full.read(
            class_means.class_means, full.actor("mother", Role.GUARDIAN), TODAY, full.people["boris"].uid, QUARTER
        )


def test_a_parent_is_sent_the_mean_of_the_class_and_nothing_else_of_it(full):
    """The page with and without the comparison differs in one text a subject; no name, mark or number of others."""
    full.enter(full.teacher(), "algebra", ("pupil5", TODAY, "5", 0))
    mother, anna = full.actor("mother", Role.GUARDIAN), full.people["anna"].uid
    plain = sent(full, mother, anna)
    begin_with(full.database, full.ref, diary.CLASS_MEAN, value=True)
    compared = sent(full, mother, anna)
    assert (plain.pop("compared"), compared.pop("compared")) == (False, True)
    told = {row["name"]: row.pop("of_class") for row in compared["subjects"]}
    assert [row.pop("of_class") for row in plain["subjects"]] == [""] * len(told)
    assert told["Algebra"] == "3,50"
    assert json.dumps(plain, default=asdict) == json.dumps(compared, default=asdict)
    others = [login for login in full.people if login.startswith("pupil") or login == "boris"]
    whole = json.dumps(compared, default=asdict) + json.dumps(told)
    assert not [login for login in others if full.people[login].uid in whole]
    assert "Pupil" not in whole


def sent(school: SmallSchool, actor, child: str):
    """The variables of the page, as they go to the browser."""
    year = school.read(queries.student_year, actor, TODAY, child)
    choice = views.Choice()
    span = views.shown(year, choice, TODAY).span
    found = school.read(class_means.class_means, actor, TODAY, child, span)
    made = state._variables(year, choice, (TODAY, "light", found))
    return json.loads(json.dumps(made, default=asdict))
