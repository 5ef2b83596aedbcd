"""The school founded in parts is the one that the services write at once; a child that begins anew gives the same parts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from ais_app.db import Database
from ais_app.ledger import verifying
from ais_app.setup.demo import founding_parts, parts, people
from ais_app.setup.demo.founding import calendar, found_school
from ais_app.setup.demo.parts import LATE_WEEK
from ais_app.setup.emptiness import DatabaseNotEmpty
from tests.unit.whole_record import record_faults

TODAY = date(2026, 11, 23)
MOST = 32  # rows of the record that a part writes: a class with its students

ROWS = {
    "people": "SELECT family_name, given_name, patronymic, birth_date FROM person ORDER BY id",
    "guardians": "SELECT g.family_name, s.family_name, s.given_name, relation, valid_from, valid_to FROM guardianship JOIN person g ON g.id = guardian_id JOIN person s ON s.id = student_id ORDER BY guardianship.id",
    "groups": "SELECT study_group.name, family_name, given_name, valid_from, note FROM enrollment JOIN study_group ON study_group.id = group_id JOIN person ON person.id = person_id ORDER BY enrollment.id",
    "leaders": "SELECT grade, letter, family_name FROM class_leading JOIN school_class ON school_class.id = class_id JOIN person ON person.id = person_id ORDER BY class_leading.id",
    "courses": "SELECT course.name, subject.name, study_group.name, graded, hours_planned, family_name FROM course JOIN subject ON subject.id = subject_id JOIN study_group ON study_group.id = course.group_id JOIN course_teacher ON course_id = course.id JOIN person ON person.id = person_id ORDER BY course.id",
    "slots": "SELECT course.name, weekday, number, room FROM timetable_slot JOIN course ON course.id = course_id ORDER BY timetable_slot.id",
    "lessons": "SELECT course.name, day, number, room, ordinal, code FROM lesson JOIN course ON course.id = course_id JOIN work ON work.lesson_id = lesson.id JOIN control_type ON control_type.id = control_type_id ORDER BY lesson.id",
    "periods": "SELECT period_scheme.name, grading_period.name, ordinal, grading_period.starts_on, grading_period.ends_on FROM grading_period JOIN period_scheme ON period_scheme.id = scheme_id ORDER BY grading_period.id",
    "holidays": "SELECT name, starts_on, ends_on FROM holiday ORDER BY id",
    "bells": "SELECT name, number, starts_at, ends_at FROM bell JOIN bell_schedule ON bell_schedule.id = schedule_id ORDER BY bell.id",
}


def rows(database: Database) -> dict[str, list[tuple]]:
    def read(connection):
        return {name: [tuple(row) for row in connection.execute(text(query))] for name, query in ROWS.items()}

    return database.read(read)


def made(database: Database, step) -> list[parts.Part]:
    return database.read(lambda one: list(parts.of_step(one, TODAY, step, people.roster())))


def write(database: Database, some: list[parts.Part]) -> None:
    database.write(lambda uow: parts.write(uow, some))


def founded(database: Database) -> list[list[parts.Part]]:
    """Write the small school step by step; the parts of each."""
    given = []
    for step in founding_parts.STEPS:
        given.append(made(database, step))
        write(database, given[-1])
    return given


def test_it_is_the_school_of_the_services_and_its_ledger_is_whole(database):
    founded(database)
    by_parts = rows(database)
    assert database.read(lambda one: list(verifying.verify(one))) == []
    assert record_faults(database) == []

    def at_once(uow):
        found_school(uow, calendar(TODAY, LATE_WEEK), people.roster())
        return {name: [tuple(row) for row in uow.execute(text(query))] for name, query in ROWS.items()}

    fresh = database.write(at_once)
    for name, expected in by_parts.items():
        assert len(fresh[name]) == 2 * len(expected), name
        assert [*expected, *expected] == fresh[name], name


def test_each_step_gives_the_same_parts_whenever_it_is_made(database):
    given = founded(database)
    assert [made(database, step) for step in founding_parts.STEPS] == given


def test_parts_are_small(database):
    for step in founding_parts.STEPS:
        for part in made(database, step):
            before = database.read(items)
            write(database, [part])
            assert database.read(items) - before <= MOST, part["do"]


def items(connection) -> int:
    return connection.execute(text("SELECT count(*) FROM operation_item")).scalar_one()


def test_it_is_not_founded_beside_another_school(database):
    founded(database)
    with pytest.raises(DatabaseNotEmpty):
        write(database, made(database, founding_parts.STEPS[0])[:1])
