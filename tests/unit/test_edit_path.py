"""The short way of an edit: what it remembers, and that remembering never shows."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import bindparam, insert, select, text

from ais_app.access.models import SecurityEvent
from ais_app.db import Database
from ais_app.db.columns import new_uid, parameters, table
from ais_app.db.prepared import Prepared
from ais_app.journal.errors import BadLesson, CellsRefused
from ais_app.journal.grid import wire
from ais_app.journal.grid.queries import patch
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.grid.views import saved
from ais_app.journal.lessons.service.lessons import add_lesson, change_work
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import verifying
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role

TODAY = date(2026, 11, 23)
DAYS = [TODAY - timedelta(days=back) for back in (0, 3, 4)]
_person = table(Person)


def operation(school, *cells: tuple[str, date, str, int], comment: str | None = None) -> MarksOperation:
    entries = [
        MarkEntry(school.people[login].uid, school.work("algebra", day), value, version, comment)
        for login, day, value, version in cells
    ]
    return MarksOperation(new_uid(), school.courses["algebra"], entries)


def test_the_answer_says_what_a_fresh_read_says(school):
    """Whatever is entered: the patch of what was written equals the patch of what is read afterwards."""
    random, teacher = Random(11), school.teacher()
    versions: dict[tuple[str, date], int] = {}
    for _round in range(60):
        places = random.sample(
            [(login, day) for login in ("anna", "boris", "vera") for day in DAYS], random.randint(1, 4)
        )
        cells = [
            (*place, random.choice(["5", "4/2", "н", "о5/3", "зач", "", "3"]), versions.get(place, 0))
            for place in places
        ]
        comment = "Well" if len(cells) == 1 and "3" in cells[0][2] and random.random() < 0.5 else None
        asked = operation(school, *cells, comment=comment)

        def both(uow, asked=asked):
            done = enter_marks(uow, teacher, asked)
            return saved(uow.connection, done), patch.changed_cells(
                uow.connection, done.course.uid, done.cells, done.course.thresholds
            )

        answer, (read, means) = school.database.write(both)
        assert answer["cells"] == read
        assert answer["means"] == means
        versions |= {place: row[3] for place, row in zip(places, answer["cells"], strict=True)}


def test_a_teacher_taken_away_in_another_process_is_refused_at_once(school):
    """The other process appends to the chain: what this one remembers of the course holds no longer."""
    teacher = school.teacher()
    school.enter(teacher, "algebra", ("anna", TODAY, "5", 0))
    other = Database(school.database.url.render_as_string(hide_password=False), school.database.clock)
    try:
        other.write(
            lambda uow: uow.execute(
                text("UPDATE course_teacher SET valid_to = '2026-11-20' WHERE person_id = :person"),
                {"person": school.people["teacher"].id},
            )
        )
        other.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[0]))
    finally:
        other.close()
    with pytest.raises((CellsRefused, NotYours)):
        school.enter(teacher, "algebra", ("anna", TODAY, "4", 1))


def test_a_period_closed_between_two_marks_refuses_the_second(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    school.database.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[1]))
    with pytest.raises(CellsRefused) as error:
        school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1))
    assert [cell.code for cell in error.value.cells] == ["closed"]


def test_another_weight_counts_from_the_next_mark_on(school):
    teacher = school.teacher()
    school.enter(teacher, "algebra", ("anna", DAYS[1], "2", 0))
    school.database.write(lambda uow: change_work(uow, teacher, school.work("algebra", DAYS[1]), school.types["CW"]))
    asked = operation(school, ("anna", TODAY, "5", 0))
    answer = school.database.write(lambda uow: saved(uow.connection, enter_marks(uow, teacher, asked)))
    assert answer["means"] == [["3,13", 2]]  # (2 · 5 + 5 · 3) / 8


def test_what_a_failed_unit_read_is_forgotten(school):
    """A lesson that was added and taken back is no column for the mark after it."""
    teacher = school.teacher()
    school.enter(teacher, "algebra", ("anna", TODAY, "5", 0))
    added = []

    def add_and_fail(uow):
        lesson = add_lesson(uow, teacher, school.courses["algebra"], TODAY, 7)
        work = uow.execute(
            text("SELECT work.uid FROM work JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :lesson"),
            {"lesson": lesson},
        ).scalar_one()
        added.append(work)
        entry = MarkEntry(school.people["anna"].uid, work, "5", 0)
        enter_marks(uow, teacher, MarksOperation(new_uid(), school.courses["algebra"], [entry]))
        raise BadLesson("no")

    with pytest.raises(BadLesson):
        school.database.write(add_and_fail)
    entry = MarkEntry(school.people["anna"].uid, added[0], "5", 0)
    with pytest.raises(CellsRefused) as error:
        school.database.write(
            lambda uow: enter_marks(uow, teacher, MarksOperation(new_uid(), school.courses["algebra"], [entry]))
        )
    assert [cell.code for cell in error.value.cells] == ["denied"]


def test_units_that_share_a_transaction_share_one_chain(school):
    """The head moves in memory from unit to unit; one that fails in the middle leaves no gap."""
    teacher, begun, release = school.teacher(), threading.Event(), threading.Event()

    def block(_uow):
        begun.set()
        release.wait(10)

    school.database._submit(block, "s", None, None)
    begun.wait(10)

    def edit(version: int, value: str):
        asked = operation(school, ("anna", TODAY, value, version))
        return lambda uow: enter_marks(uow, teacher, asked)

    def failing(uow):
        edit(1, "3")(uow)
        raise LookupError

    pending = [school.database._submit(work, "s", None, None) for work in (edit(0, "5"), failing, edit(1, "4"))]
    release.set()
    assert [type(future.exception(10)) for future in pending] == [type(None), LookupError, type(None)]
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def test_a_prepared_statement_says_what_sqlalchemy_says(school):
    statement = select(_person.c.id, _person.c.uid, _person.c.given_name).where(
        _person.c.uid.in_(bindparam("people", expanding=True)), _person.c.school_id == school.ref.id
    )
    prepared = Prepared(statement.order_by(_person.c.id))
    uids = [person.uid for person in school.people.values()]
    for count in (1, 2, 3, 5, len(uids)):
        values = {"people": uids[:count]}
        plain = school.database.read(
            lambda one, values=values: [tuple(row) for row in one.execute(statement.order_by(_person.c.id), values)]
        )
        assert (
            school.database.read(lambda one, values=values: [tuple(row) for row in prepared.all(one, values)]) == plain
        )
    assert school.database.read(lambda one: prepared.first(one, {"people": ["nobody"]})) is None


def test_a_prepared_insertion_keeps_types_and_reports_its_errors(database):
    event = table(SecurityEvent)
    add = Prepared(insert(event).values(parameters(event)))

    def write(uow):
        row = dict.fromkeys(parameters(event), "")
        row |= {"day": uow.now.date(), "kind": "x", "count": 1, "first_at": uow.now, "last_at": uow.now}
        uow.execute(add, row)
        return uow.now

    now = database.write(write)
    stored = database.read(lambda one: one.execute(select(event.c.day, event.c.first_at)).one())
    assert (stored.day, stored.first_at) == (now.date(), now)
    with pytest.raises(Exception, match=r"(?i)null"):
        database.write(lambda uow: uow.execute(add, dict.fromkeys(parameters(event))))


def test_an_answer_names_its_cells_only_when_they_are_not_those_asked_for(school):
    asked = operation(school, ("boris", TODAY, "5", 0), ("anna", TODAY, "4", 0))
    told = school.database.write(lambda uow: saved(uow.connection, enter_marks(uow, school.teacher(), asked)))
    places = [(entry.student, entry.work) for entry in asked.entries]
    brief = wire.answered(told, places)
    assert (brief["own"], brief["op"], brief["means"]) == ([["5", 1], ["4", 1]], asked.uid, told["means"])
    assert not {"cells", "course", "n"} & brief.keys()
    assert wire.answered(told, places[:1])["cells"] == wire.answered(told, places[::-1])["cells"] == told["cells"]
