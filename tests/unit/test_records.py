"""Tables of the record: each is declared, and each change of a row is an item that says all of it (D-28)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from ais_app.db.columns import table
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.records import LESSON
from ais_app.ledger import folding, queries
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import operation
from ais_app.ledger.records import Composite, Record
from ais_app.ledger.service import school_chain
from ais_app.people.models import Person
from ais_app.people.names import sort_key
from ais_app.people.records import PERSON
from ais_app.records import RECORDS
from ais_app.rights.rules import Right
from ais_app.rooms import ROOMS
from ais_app.school.models import AcademicYear, Holiday
from ais_app.school.records import HOLIDAY
from ais_app.tables import TABLES
from tests.unit.tampering import tamper

TRIED = Kind("tried", lambda: "Something was tried", without=lambda: "It only happens in tests.")


def models_of(record: Record | Composite) -> tuple[type, ...]:
    return record.models if isinstance(record, Composite) else (record.model,)


def test_every_table_is_declared_once_as_record_or_not():
    declared = [model for record in RECORDS.values() for model in models_of(record)]
    declared += [model for room in ROOMS for model in room.not_records]
    assert sorted(model.__name__ for model in declared) == sorted(model.__name__ for model in TABLES)


def test_every_declaration_has_words_for_people():
    for record in RECORDS.values():
        assert record.words()
        assert all(words() for words in record.fields.values())


def test_a_column_that_is_not_declared_is_refused():
    with pytest.raises(ValueError, match="declared"):
        Record(Holiday, lambda: "Holiday", {"name": lambda: "Name"})


@pytest.fixture
def year_id(school) -> int:
    return school.database.read(lambda one: one.execute(select(table(AcademicYear).c.id)).scalars().first())


def holidays(school) -> list[str]:
    return [str(one) for one in school.database.read(lambda one: list(folding.faults(one, HOLIDAY)))]


def in_operation(school, work):
    def run(uow):
        with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS) as op:
            return work(op)

    return school.database.write(run)


def add_holiday(school, year_id: int, name: str = "Snow"):
    days = {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 3)}
    return in_operation(school, lambda op: op.insert(HOLIDAY, {"year_id": year_id, "name": name, **days}))


def steps(school, record: Record, subject: str) -> list[tuple]:
    found = school.database.read(queries.history, school_chain(school.ref.uid), record.name, subject)
    return [(one.before, one.after) for one in reversed(found)]


def test_a_row_is_inserted_changed_and_deleted_with_all_that_differs(school, year_id):
    holiday = add_holiday(school, year_id)
    year = school.database.read(lambda one: one.execute(select(table(AcademicYear).c.uid)).scalars().first())
    in_operation(school, lambda op: op.update(HOLIDAY, holiday.id, name="Ice", grade=7, ends_on=date(2026, 2, 3)))
    assert not in_operation(school, lambda op: op.update(HOLIDAY, holiday.id, name="Ice"))
    in_operation(school, lambda op: op.delete_all(HOLIDAY, [holiday.id]))
    first, second, third = steps(school, HOLIDAY, holiday.uid)
    days = {"starts_on": "2026-02-02", "ends_on": "2026-02-03"}
    assert first == (None, {"year": year, "name": "Snow", **days})
    assert second == ({"name": "Snow", "grade": None}, {"name": "Ice", "grade": 7})
    assert third == ({"year": year, "name": "Ice", "grade": 7, **days}, None)
    assert holiday.uid not in " ".join(holidays(school))


def test_a_name_is_kept_beside_the_chain(school):
    names = {"family_name": "Ким", "given_name": "Ада", "birth_date": date(2012, 5, 6)}
    renamed = {"family_name": "Пак", "given_name": "Ада", "patronymic": ""}
    person = in_operation(school, lambda op: op.insert(PERSON, {"school_id": school.ref.id, **names}))
    in_operation(school, lambda op: op.update(PERSON, person.id, **(renamed | {"birth_date": None})))
    data = select(table(Person).c.sort_key).where(table(Person).c.id == person.id)
    assert school.database.read(lambda one: one.execute(data).scalar_one()) == sort_key("Пак", "Ада", "")
    (_none, first), (before, after) = steps(school, PERSON, person.uid)
    assert (first["family_name"], first["birth_date"]) == ("Ким", "2012-05-06")
    assert (before["family_name"], after["family_name"], after["birth_date"]) == ("Ким", "Пак", None)
    items = "SELECT data FROM operation_item WHERE entity = 'person' AND subject = :subject"
    kept = school.database.read(lambda one: one.execute(text(items), {"subject": person.uid}).scalars().all())
    assert kept
    assert not any("Ким" in one or "Пак" in one or "2012" in one for one in kept)
    found = school.database.read(lambda one: list(folding.faults(one, PERSON)))
    assert person.uid not in {one.row for one in found}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE holiday SET name = 'Sun' WHERE uid = '{uid}'", "«Name» is «Sun», operation {op} says «Snow»"),
        ("UPDATE holiday SET ends_on = '2026-02-09' WHERE uid = '{uid}'", "«Last day» is «2026-02-09», operation {op}"),
        ("DELETE FROM holiday WHERE uid = '{uid}'", "is missing, operation {op} wrote it"),
        ("UPDATE holiday SET uid = 'other' WHERE uid = '{uid}'", "is in no operation"),
    ],
)
def test_a_row_that_was_changed_past_the_ledger_is_named(school, year_id, statement, said):
    holiday = add_holiday(school, year_id)
    assert holiday.uid not in " ".join(holidays(school))
    (step,) = school.database.read(queries.history, school_chain(school.ref.uid), "holiday", holiday.uid)
    tamper(school.database, statement.format(uid=holiday.uid))
    found = " ".join(holidays(school))
    assert said.format(op=step.operation) in found
    assert "holiday" in found


def test_a_deleted_row_that_came_back_is_named(school, year_id):
    holiday = add_holiday(school, year_id)
    in_operation(school, lambda op: op.delete_all(HOLIDAY, [holiday.id]))
    days = "'2026-02-02', '2026-02-03'"
    tamper(
        school.database,
        f"INSERT INTO holiday (uid, year_id, name, starts_on, ends_on) VALUES ('{holiday.uid}', {year_id}, 'x', {days})",
    )
    assert f"holiday {holiday.uid}: is there, operation" in " ".join(holidays(school))


def test_what_is_outside_of_the_record_is_written_without_an_item(school):
    lesson = table(Lesson)
    first = select(lesson.c.id, lesson.c.uid, lesson.c.topic).order_by(lesson.c.id).limit(1)
    row = school.database.read(lambda one: one.execute(first).one())
    before = len(steps(school, LESSON, row.uid))
    assert not in_operation(school, lambda op: op.update(LESSON, row.id, topic=row.topic, version=7))
    assert in_operation(school, lambda op: op.update(LESSON, row.id, topic="Roots", version=8))
    assert steps(school, LESSON, row.uid)[before:] == [({"topic": row.topic}, {"topic": "Roots"})]
    assert (
        school.database.read(lambda one: one.execute(select(lesson.c.version).filter_by(id=row.id)).scalar_one()) == 8
    )
