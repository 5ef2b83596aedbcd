"""The large demonstration school writes in bulk: the same rows and the same ledger as the services."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db.columns import new_uid
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.service import lessons
from ais_app.ledger import verifying
from ais_app.setup.demo import bulk, people
from ais_app.setup.demo.curriculum import PlannedLesson
from ais_app.setup.demo.large import write_large_demonstration
from tests.databases import SUNDAY_IN_JULY
from tests.unit.whole_record import record_faults

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
PLANNED = PlannedLesson("Squares", "CW", "No. 5", 20)
ENTRIES = (("anna", "5/4", "Well done"), ("boris", "н", None), ("vera", "о10/3", None))

ROWS = {
    "lesson": "SELECT topic, version FROM lesson WHERE uid = :lesson",
    "homework": "SELECT text, minutes, nothing_set FROM homework JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :lesson",
    "work": "SELECT control_type_id, work.weight FROM work WHERE uid = :work",
    "mark": "SELECT student_id, mark.ordinal, code, hundredths, comment FROM mark JOIN work ON work.id = work_id WHERE work.uid = :work ORDER BY 1, 2",
    "cell": "SELECT student_id, version, changed FROM cell JOIN work ON work.id = work_id WHERE work.uid = :work ORDER BY 1",
    "attendance": "SELECT student_id, code, reason, minutes FROM attendance JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :lesson ORDER BY 1",
}


def place(school, day: date) -> dict[str, str]:
    return {"lesson": school.lesson("algebra", day), "work": school.work("algebra", day)}


def rows(school, day: date) -> dict[str, list[tuple]]:
    def read(connection):
        return {
            name: [tuple(row) for row in connection.execute(text(query), place(school, day))]
            for name, query in ROWS.items()
        }

    return school.database.read(read)


def operations(school, day: date) -> list[tuple]:
    """(kind, account, hat, entity, subject, data, texts) of everything the ledger says about a lesson and its work,
    without what is random.
    """
    items = text(
        "SELECT operation_item.id, kind, account, hat, entity, subject, data FROM operation "
        "JOIN operation_item ON operation_id = operation.id "
        "WHERE kind <> 'lessons_laid_out' AND (subject = :lesson OR subject LIKE '%' || :work) "
        "ORDER BY operation.id, operation_item.ordinal"
    )
    texts = text("SELECT field, text FROM operation_text WHERE item_id = :item ORDER BY field")
    where = place(school, day)

    def plain(value: object) -> object:
        said = str(value).replace(where["lesson"], "L").replace(where["work"], "W")
        return re.sub("[0-9a-f]{64}", "hash", said)

    def read(connection) -> list[tuple]:
        return [
            (*map(plain, row[1:]), *map(tuple, connection.execute(texts, {"item": row.id})))
            for row in connection.execute(items, where).all()
        ]

    return school.database.read(read)


def by_services(school, day: date) -> None:
    teacher, where = school.teacher(), place(school, day)

    def write(uow):
        said = lessons.LessonText(where["lesson"], 1, PLANNED.topic, PLANNED.homework or "", PLANNED.minutes, False)
        lessons.describe_lesson(uow, teacher, said)
        lessons.change_work(uow, teacher, where["work"], school.types[PLANNED.kind])
        entries = [
            MarkEntry(school.people[login].uid, where["work"], value, 0, comment) for login, value, comment in ENTRIES
        ]
        enter_marks(uow, teacher, MarksOperation(new_uid(), school.courses["algebra"], entries))

    school.database.write(write)


def in_bulk(school, day: date) -> None:
    teacher, where = school.teacher(), place(school, day)

    def write(uow):
        kinds = {
            row.code: bulk.Kind(row.id, row.uid, row.weight)
            for row in uow.execute(text("SELECT id, uid, code, weight FROM control_type ORDER BY id"))
        }
        row = uow.execute(
            text("SELECT lesson.id, work.id FROM lesson JOIN work ON lesson_id = lesson.id WHERE work.uid = :work"),
            where,
        ).one()
        lesson = bulk.HeldLesson(row[0], where["lesson"], row[1], where["work"], school.courses["algebra"])
        batch = bulk.Batch(uow, school.ref, kinds["LW"])
        everybody = [school.people[login].uid for login in ("anna", "boris", "vera")]
        batch.describe(teacher, lesson, PLANNED, everybody)
        batch.change_work(teacher, lesson, kinds[PLANNED.kind], everybody)
        batch.enter(
            teacher, lesson, [(school.people[login], value, comment) for login, value, comment in ENTRIES], graded=True
        )
        batch.write()

    school.database.write(write)


def test_bulk_writes_what_the_services_write(school):
    by_services(school, FRIDAY)
    in_bulk(school, TODAY)
    assert rows(school, TODAY) == rows(school, FRIDAY)
    assert len(operations(school, TODAY)) == 6
    assert operations(school, TODAY) == operations(school, FRIDAY)
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


@pytest.mark.deep(twin="tests/unit/test_large_demonstration.py::test_bulk_writes_what_the_services_write")
def test_the_large_school_is_written_and_its_ledger_is_whole(database):
    """36 classes and nearly a year: 394,000 marks on each database, and every line of the ledger follows from the one before."""
    database.clock = SetClock(SUNDAY_IN_JULY)
    said = write_large_demonstration(database)
    assert re.search(r"\b1000 students\b", said), said
    assert int(re.findall(r"(\d+) marks", said)[-1]) > 390_000, said
    assert database.read(lambda one: list(verifying.verify(one))) == []
    assert record_faults(database) == []


def test_pages_read_on_after_bulk(school):
    """Versions and numbers of topics go on from where the bulk left them."""
    in_bulk(school, TODAY)
    before = school.database.read(
        lambda one: one.execute(
            text("SELECT sequence FROM topic_sequence WHERE topic = :topic"),
            {"topic": f"course:{school.courses['algebra']}"},
        ).scalar_one()
    )
    done = school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1))
    assert (before, done.sequence) == (3, 4)


def test_the_large_roster_is_six_parallels_of_a_thousand():
    roster = people.large_roster()
    assert len(roster.classes) == 36
    assert len(roster.pupils) == 1_000
    assert len({(pupil.name.family, pupil.name.given) for pupil in roster.pupils}) == 1_000
    assert set(roster.leaders.values()) <= set(roster.staff)
    assert roster.pupils == people.large_roster().pupils
    sizes = {(grade, letter): size for grade, letter, size in roster.classes}
    for place_, size in sizes.items():
        assert sum((pupil.grade, pupil.letter) == place_ for pupil in roster.pupils) == size


@pytest.mark.parametrize("letter", "АБЕ")
def test_each_parallel_has_teachers_of_its_own(letter):
    staff = people.large_roster().staff
    assert all(people.login_in(login, letter) in staff for login in people.TEACHERS)
