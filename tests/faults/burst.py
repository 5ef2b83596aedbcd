"""A burst of edits: ten sessions, fifty edits each, and what must be in the database afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import text

from ais_app.db import Database
from ais_app.ledger import verifying
from tests.builders import PASSWORD, SmallSchool, large_course
from tests.faults.typist import Typist, as_they_were_typed
from tests.wire.client import sign_in

SESSIONS, CELLS, ROUNDS = 10, 5, 10
LESSONS, STUDENTS = 5, 10  # as many cells as the sessions need; older lessons are closed for changes
EDITS = SESSIONS * CELLS * ROUNDS
TODAY = date(2026, 11, 23)


def cells_of(database: Database, course: str) -> list[list[tuple[str, str]]]:
    """For each session `CELLS` cells of its own: students in a lesson."""
    query = """SELECT work.uid FROM work JOIN lesson ON lesson.id = work.lesson_id
        JOIN course ON course.id = lesson.course_id WHERE course.uid = :course ORDER BY work.id"""
    members = """SELECT person.uid FROM person JOIN enrollment ON enrollment.person_id = person.id
        JOIN course ON course.group_id = enrollment.group_id WHERE course.uid = :course ORDER BY person.id"""
    works = database.read(lambda one: one.execute(text(query), {"course": course}).scalars().all())
    students = database.read(lambda one: one.execute(text(members), {"course": course}).scalars().all())
    blocks = [students[first : first + CELLS] for first in range(0, STUDENTS, CELLS)]
    return [[(student, work) for student in block] for block in blocks for work in works]


@contextmanager
def typing(
    school: SmallSchool, addresses: Sequence[Callable[[], str]], rounds: int = ROUNDS, *, held: bool = False
) -> Iterator[list[Typist]]:
    """Ten teachers at once, spread over the servers; they are ended with the context.

    `held`: they keep the second half of their edits until `let_go`, so that a fault meets a burst on any machine.
    """
    course = large_course(school, students=STUDENTS, lessons=LESSONS)
    typists = []
    for number, cells in enumerate(cells_of(school.database, course)):
        address = addresses[number % len(addresses)]
        typists.append(Typist(address, sign_in(address(), "teacher", PASSWORD), course, cells, rounds))
    for typist in typists:
        if held:
            typist.may_go_on.clear()
        typist.start()
    try:
        yield typists
    finally:
        for typist in typists:
            typist.given_up.set()
            typist.may_go_on.set()
        for typist in typists:
            typist.join(30)


def let_go(typists: Sequence[Typist]) -> None:
    for typist in typists:
        typist.may_go_on.set()


def answered(typists: Sequence[Typist]) -> int:
    return sum(len(typist.acknowledged) for typist in typists)


def operations(database: Database) -> list[str]:
    """The uids of every entered operation, as often as they stand there."""
    query = "SELECT uid FROM operation WHERE kind = 'marks_entered'"
    return list(database.read(lambda one: one.execute(text(query)).scalars()))


def standing(database: Database) -> dict[tuple[str, str], tuple[str, int]]:
    """(student, work) → (value, version) of every written cell."""
    query = """SELECT person.uid, work.uid, mark.code, cell.version FROM cell
        JOIN person ON person.id = cell.student_id JOIN work ON work.id = cell.work_id
        LEFT JOIN mark ON mark.work_id = cell.work_id AND mark.student_id = cell.student_id"""
    rows = database.read(lambda one: one.execute(text(query)).all())
    assert len(rows) == len({tuple(row[:2]) for row in rows}), "two marks in a cell that got one"
    return {(student, work): (code, version) for student, work, code, version in rows}


def check_everything_is_there_once(database: Database, typists: Sequence[Typist], beside: Sequence[str] = ()) -> None:
    """Each edit of each session exactly once (and the operations `beside`), values and versions right, the ledger whole."""
    entered, cells = operations(database), as_they_were_typed(typists)
    assert [typist.refused for typist in typists if typist.refused] == []
    acknowledged = [uid for typist in typists for uid in typist.acknowledged]
    assert len(acknowledged) == sum(typist.rounds * len(typist.cells) for typist in typists)
    assert sorted(entered) == sorted([*acknowledged, *beside])
    assert {cell: found for cell, found in standing(database).items() if cell in cells} == cells
    assert database.read(lambda one: list(verifying.verify(one))) == []
