"""Undo of an operation by its uid: what it puts back, what stands in its way, who may, and the redo (D-30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from ais_app.db.bulk import BulkFailed
from ais_app.db.columns import table
from ais_app.ledger import folding, verifying
from ais_app.ledger.erasing import erase_texts
from ais_app.ledger.kinds import Kind, Undo
from ais_app.ledger.operation import operation
from ais_app.ledger.putting_back import Forgotten, InUse, NotAsLeft, PlaceTaken
from ais_app.ledger.rules import Item
from ais_app.ledger.standing import GROUP, UNDONE
from ais_app.ledger.undoing import NoInverse, NothingToUndo, StandsLater, TooLarge, Undoing
from ais_app.people.models import Person
from ais_app.people.names import sort_key
from ais_app.people.records import PERSON
from ais_app.records import RECORDS
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Role, operator
from ais_app.school.models import AcademicYear, GradingPeriod, Holiday
from ais_app.school.records import COURSE, HOLIDAY, PERIOD, SUBJECT
from tests.unit.tampering import tamper

TRIED = Kind("tried", lambda: "Something was tried", inverse="tried")
LOST = Kind("lost", lambda: "Something was lost", without=lambda: "It only happens in tests.")
UNTOLD = Kind("untold", lambda: "Nobody says how it is undone", inverse="untold")
KINDS = {kind.name: kind for kind in (TRIED, LOST, UNTOLD)}
UNDOING = Undoing(KINDS, RECORDS, {"tried": Undo(Right.SET_UP_SCHOOL), "lost": Undo(Right.SET_UP_SCHOOL)})
FEW = Undoing(KINDS, RECORDS, UNDOING.rules, at_once=5)
DAYS = {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 3)}


class Bench:
    """A school in which its administrator tries things."""

    first: frozenset[str] = frozenset()

    def __init__(self, school: Any) -> None:
        self.school, self.database = school, school.database
        self.actor = self.worn("deputy", Role.SCHOOL_ADMIN)
        self.year = self.value(select(table(AcademicYear).c.id))
        self.first = frozenset(self.names)
        self.known = frozenset(one.row for one in self.read(lambda one: list(folding.faults(one, HOLIDAY))))

    def worn(self, login: str, role: Role, **other: Any) -> Actor:
        """An account in a hat with this one role."""
        worn = {"historian": Role.TEACHER}.get(login) or Role(login)
        actor = self.school.actor(login, worn)
        return replace(actor, hat=replace(actor.hat, roles=frozenset({role}), **other))

    def read(self, work: Any) -> Any:
        return self.database.read(work)

    def value(self, statement: Any, **values: Any) -> Any:
        return self.read(lambda one: one.execute(statement, values).scalars().first())

    def do(self, work: Any, kind: Kind = TRIED, group: str = "") -> str:
        def run(uow):
            with operation(uow, self.actor, kind, Right.SET_UP_SCHOOL) as op:
                if group:
                    op.add(Item(GROUP, group, None, {}))
                work(op)
            return op.uid

        return self.database.write(run)

    def holidays(self, *names: str, group: str = "") -> str:
        rows = [{"year_id": self.year, "name": name, **DAYS} for name in names]
        return self.do(lambda op: op.insert_all(HOLIDAY, rows), group=group)

    def rename(self, before: str, after: str, **more: Any) -> str:
        rows = table(Holiday)
        key = self.value(select(rows.c.id).where(rows.c.name == before))
        return self.do(lambda op: op.update(HOLIDAY, key, name=after, **more))

    def undo(self, uid: str, *, by: Any = None, undoing: Undoing = UNDOING, reason: str = "") -> str:
        return self.database.write(lambda uow: undoing.undo(uow, by or self.actor, uid, reason))

    def preview(self, uid: str, *, by: Any = None):
        return self.school.read(UNDOING.preview, by or self.actor, date(2026, 11, 23), uid)

    @property
    def names(self) -> set[str]:
        """The names of the holidays that were added here."""
        return set(self.read(lambda one: one.execute(select(table(Holiday).c.name)).scalars().all())) - self.first

    def is_whole(self) -> bool:
        def faults(one: Any) -> list[Any]:
            ours = self.known
            return [*verifying.verify(one), *(fault for fault in folding.faults(one, HOLIDAY) if fault.row not in ours)]

        return not self.read(faults)


@pytest.fixture
def bench(school) -> Bench:
    return Bench(school)


def test_what_was_inserted_is_deleted_and_comes_back_with_its_uid(bench):
    done = bench.holidays("Snow", "Ice")
    uids = bench.read(
        lambda one: one.execute(text("SELECT name, uid FROM holiday WHERE name IN ('Snow', 'Ice')")).all()
    )
    undone = bench.undo(done, reason="By mistake")
    assert bench.names == set()
    again = bench.undo(undone)
    assert bench.names == {"Snow", "Ice"}
    query = text("SELECT name, uid FROM holiday WHERE name IN ('Snow', 'Ice')")
    assert sorted(bench.read(lambda one: one.execute(query).all())) == sorted(uids)
    bench.undo(again)
    assert bench.names == set()
    with pytest.raises(NothingToUndo):
        bench.undo(done)
    assert bench.is_whole()


def test_what_was_changed_gets_its_values_back(bench):
    bench.holidays("Snow")
    done = bench.rename("Snow", "Ice", grade=7, starts_on=date(2026, 2, 1))
    bench.undo(done)
    row = bench.read(lambda one: one.execute(text("SELECT name, grade FROM holiday WHERE name = 'Snow'")).one())
    assert tuple(row) == ("Snow", None)
    assert bench.is_whole()


def test_what_was_deleted_is_inserted_again_before_what_refers_to_it(bench):
    school = bench.school.ref.id
    subject = {"school_id": school, "name": "Chemistry", "short_name": "Ch"}
    made = []
    bench.do(lambda op: made.append(op.insert(SUBJECT, subject)))
    done = bench.do(lambda op: op.delete_all(SUBJECT, [made[0].id]))
    bench.undo(done)
    assert bench.value(text("SELECT name FROM subject WHERE uid = :uid"), uid=made[0].uid) == "Chemistry"


def test_a_name_comes_back_from_beside_the_chain_unless_it_was_erased(bench):
    def named(family: str) -> dict[str, str]:
        return {"family_name": family, "given_name": "Ада", "patronymic": ""}

    person = table(Person)
    names = {
        "school_id": bench.school.ref.id,
        "family_name": "Ким",
        "given_name": "Ада",
        "birth_date": date(2012, 5, 6),
    }
    made = []
    bench.do(lambda op: made.append(op.insert(PERSON, names)))
    done = bench.do(lambda op: op.update(PERSON, made[0].id, **named("Пак"), birth_date=None))
    bench.undo(done)
    row = bench.read(lambda one: one.execute(select(person).where(person.c.id == made[0].id)).one())
    assert (row.family_name, row.birth_date, row.sort_key) == ("Ким", date(2012, 5, 6), sort_key("Ким", "Ада", ""))
    again = bench.do(lambda op: op.update(PERSON, made[0].id, **named("Цой")))
    bench.database.write(lambda uow: erase_texts(uow, operator(), again, "Demanded"))
    with pytest.raises(Forgotten):
        bench.undo(again)


def test_only_a_later_operation_at_the_same_rows_and_fields_stands_in_the_way(bench):
    first = bench.holidays("Snow", "Ice")
    renamed = bench.rename("Snow", "Frost")
    other = bench.rename("Ice", "Ice", grade=5)
    moved = bench.rename("Frost", "Frost", grade=3)
    with pytest.raises(StandsLater) as refused:
        bench.undo(first)
    assert set(refused.value.operations) == {renamed, other, moved}
    bench.undo(renamed)  # another field was changed since: that stays
    assert bench.names == {"Snow", "Ice"}
    bench.undo(other)
    with pytest.raises(StandsLater) as refused:
        bench.undo(first)
    assert refused.value.operations == (moved,)
    bench.undo(moved)
    bench.undo(first)
    assert bench.names == set()
    assert bench.is_whole()


def test_a_redone_operation_stands_again_and_is_undone_by_its_own_uid(bench):
    done = bench.holidays("Snow")
    renamed = bench.rename("Snow", "Frost")
    redone = bench.undo(bench.undo(renamed))
    with pytest.raises(StandsLater) as refused:
        bench.undo(done)
    assert refused.value.operations == (renamed,)
    bench.undo(renamed)
    with pytest.raises(NothingToUndo):
        bench.undo(renamed)
    with pytest.raises(StandsLater):
        bench.undo(redone)
    bench.undo(done)
    assert bench.names == set()


def test_a_group_is_undone_and_redone_as_one(bench):
    group = "g" * 16
    ones = [bench.holidays(f"Day {number}", group=group) for number in range(3)]
    undone = bench.undo(ones[1])
    assert bench.names == set()
    with pytest.raises(NothingToUndo):
        bench.undo(group)
    bench.undo(undone)
    assert bench.names == {"Day 0", "Day 1", "Day 2"}
    bench.undo(group)
    assert bench.names == set()
    assert bench.is_whole()


def test_rows_that_hold_something_new_do_not_go(bench):
    made = []
    subject = {"school_id": bench.school.ref.id, "name": "Chemistry", "short_name": "Ch"}
    done = bench.do(lambda op: made.append(op.insert(SUBJECT, subject)))
    course = bench.value(text("SELECT id FROM course"))
    moved = bench.do(lambda op: op.update(COURSE, course, subject_id=made[0].id))
    with pytest.raises(InUse):
        bench.undo(done)
    bench.undo(moved)
    bench.undo(done)
    with pytest.raises(NotAsLeft):  # it refers to what is there no more
        bench.undo(bench.value(text("SELECT uid FROM operation ORDER BY id DESC LIMIT 1 OFFSET 1")))


def test_a_row_that_was_changed_past_the_ledger_is_not_overwritten(bench):
    bench.holidays("Snow")
    done = bench.rename("Snow", "Ice")
    tamper(bench.database, "UPDATE holiday SET name = 'Sun' WHERE name = 'Ice'")
    with pytest.raises(NotAsLeft):
        bench.undo(done)
    tamper(bench.database, "DELETE FROM holiday WHERE name = 'Sun'")
    with pytest.raises(NotAsLeft):
        bench.undo(done)


def test_a_place_that_another_row_has_taken_is_not_taken_back(bench):
    period = bench.read(lambda one: one.execute(select(table(GradingPeriod)).order_by(text("id")).limit(1)).one())
    done = bench.do(lambda op: op.update(PERIOD, period.id, ordinal=9))
    same = {"scheme_id": period.scheme_id, "ordinal": period.ordinal, "name": "Another", **DAYS}
    later = bench.do(lambda op: op.insert(PERIOD, same))
    with pytest.raises(PlaceTaken):
        bench.undo(done)
    bench.undo(later)
    bench.undo(done)


def test_a_kind_without_inverse_says_why(bench):
    lost = bench.do(lambda op: op.insert(HOLIDAY, {"year_id": bench.year, "name": "Snow", **DAYS}), LOST)
    with pytest.raises(NoInverse, match="only happens in tests"):
        bench.undo(lost)
    assert str(bench.preview(lost).refusal) == "It only happens in tests."
    untold = bench.do(lambda op: op.insert(HOLIDAY, {"year_id": bench.year, "name": "Ice", **DAYS}), UNTOLD)
    with pytest.raises(NoInverse):
        bench.undo(untold)


def test_a_preview_shows_what_would_become_what_again_and_what_is_in_the_way(bench):
    bench.holidays("Snow")
    done = bench.rename("Snow", "Ice")
    shown = bench.preview(done)
    (change,) = shown.changes
    assert (change.entity, dict(change.before), dict(change.after)) == ("holiday", {"name": "Snow"}, {"name": "Ice"})
    assert (shown.refusal, shown.later, shown.kind) == (None, (), TRIED)
    later = bench.rename("Ice", "Hail")
    assert [one.uid for one in bench.preview(done).later] == [later]
    assert isinstance(bench.preview(done).refusal, StandsLater)
    bench.undo(later)
    bench.undo(done)
    shown = bench.preview(done)
    assert isinstance(shown.refusal, NothingToUndo)
    assert (shown.changes, shown.undone) == ((), 1)


def test_only_who_made_it_or_has_the_right_over_the_school_undoes_it(bench):
    done = bench.holidays("Snow")
    strangers = [
        bench.worn("deputy", Role.DEPUTY),  # who made it, in a hat without the right
        bench.worn("teacher", Role.TEACHER),
        bench.worn("director", Role.SCHOOL_ADMIN, school_uid="x" * 16),
    ]
    for actor in strangers:
        with pytest.raises(NotYours):
            bench.preview(done, by=actor)
        with pytest.raises(NotYours):
            bench.undo(done, by=actor)
    with pytest.raises(NotYours):
        bench.undo("a" * 16)
    undone = bench.undo(done, by=bench.worn("director", Role.SCHOOL_ADMIN))
    bench.undo(undone, by=operator())
    assert bench.names == {"Snow"}


def test_what_reaches_over_own_courses_only_is_undone_by_its_maker(bench):
    """Deputies do not undo what a teacher did: the right does not reach over the school."""
    own = Undoing(KINDS, RECORDS, {"tried": Undo(Right.KEEP_LESSONS)})
    teacher = bench.worn("teacher", Role.TEACHER)

    def work(uow):
        with operation(uow, teacher, TRIED, Right.KEEP_LESSONS) as op:
            op.insert(HOLIDAY, {"year_id": bench.year, "name": "Snow", **DAYS})
        return op.uid

    done = bench.database.write(work)
    for actor in (bench.worn("historian", Role.TEACHER), bench.actor):
        with pytest.raises(NotYours):
            bench.undo(done, by=actor, undoing=own)
    bench.undo(done, by=teacher, undoing=own)
    assert bench.names == set()


def test_what_is_too_large_for_one_unit_goes_in_pieces_that_are_undone_as_one(bench):
    names = [f"Day {number}" for number in range(40)]
    done = bench.holidays(*names)
    with pytest.raises(TooLarge):
        bench.undo(done, undoing=FEW)
    assert bench.names == set(names)
    told = []
    group = UNDOING.undo_in_pieces(bench.database, bench.actor, done, "By mistake", told.append)
    assert bench.names == set()
    assert told[-1] == 40
    assert len(told) > 1
    with pytest.raises(NothingToUndo):
        UNDOING.undo_in_pieces(bench.database, bench.actor, done)
    UNDOING.undo_in_pieces(bench.database, bench.actor, group)
    assert bench.names == set(names)
    bench.undo(done)
    assert bench.names == set()
    assert bench.is_whole()


def test_a_run_that_was_cut_off_is_known_and_finished_or_taken_back(bench):
    names = [f"Day {number}" for number in range(40)]
    done = bench.holidays(*names)

    def cut(after: int) -> None:
        take, group = bench.read(lambda one: UNDOING.pieces(one, bench.actor, done))
        for _piece in range(after):
            bench.database.write(take(3))
        groups.add(group)

    groups: set[str] = set()
    cut(2)
    assert bench.names == set(names[:34])
    shown = bench.preview(done)
    assert (shown.undone, len(shown.changes), shown.refusal) == (6, 34, None)
    cut(1)
    assert bench.names == set(names[:31])
    assert len(groups) == 1
    bench.undo(next(iter(groups)))
    assert bench.names == set(names)
    cut(1)
    group = UNDOING.undo_in_pieces(bench.database, bench.actor, done)
    assert bench.names == set()
    bench.undo(group)
    assert bench.names == set(names)
    assert bench.is_whole()


def test_a_piece_that_is_refused_tells_how_far_it_came(bench):
    done = bench.holidays(*(f"Day {number}" for number in range(40)))

    def disturb(rows: int) -> None:
        if rows >= 3 and not disturbed:
            disturbed.append(rows)
            tamper(bench.database, "UPDATE holiday SET name = 'Sun' WHERE name = 'Day 0'")

    disturbed: list[int] = []
    with pytest.raises(BulkFailed) as failed:
        UNDOING.undo_in_pieces(bench.database, bench.actor, done, progress=disturb)
    assert isinstance(failed.value.__cause__, NotAsLeft)
    assert bench.preview(done).undone == sum(failed.value.written)


def test_what_undoes_names_what_it_undoes(bench):
    done = bench.holidays("Snow")
    undone = bench.undo(done)
    query = text(
        "SELECT entity, subject FROM operation_item JOIN operation ON operation.id = operation_id"
        " WHERE operation.uid = :uid ORDER BY ordinal"
    )
    rows = bench.read(lambda one: one.execute(query, {"uid": undone}).all())
    assert tuple(rows[0]) == (UNDONE, done)
