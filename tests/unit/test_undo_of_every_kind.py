"""Undo of every kind of operation in any order, then everything that is read equals the history without (D-30)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.journal.errors import Question
from ais_app.kinds import KINDS
from ais_app.ledger import standing, verifying
from ais_app.ledger.putting_back import InUse
from ais_app.ledger.standing import NAMING
from ais_app.ledger.undoing import StandsLater
from ais_app.rights.errors import Refused
from ais_app.undoing import UNDOING
from tests import databases
from tests.conftest import MONDAY
from tests.depth import examples
from tests.unit.every_step import (
    LEAVING_ROWS,
    SHUT,
    WRITES,
    histories_of_all_kinds,
    histories_with_each_kind,
    needs,
)
from tests.unit.every_view import everything
from tests.unit.every_world import EveryWorld
from tests.unit.steps import COURSES, Step
from tests.unit.test_taking_back_history import known_rows
from tests.unit.whole_record import record_faults

SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
ROWS = text(
    "SELECT entity, subject FROM operation_item JOIN operation ON operation.id = operation_id WHERE operation.uid = :uid"
)
DONE = text("SELECT uid, kind FROM operation WHERE id > :last ORDER BY id")


@dataclass
class Template:
    """A school in which nothing has happened, of which worlds are copies."""

    kind: str
    url: str
    first: EveryWorld

    @contextmanager
    def world(self, folder: Path) -> Iterator[EveryWorld]:
        with ExitStack() as stack:
            if self.kind == "sqlite":
                copy = folder / f"{new_uid()}.sqlite3"
                shutil.copyfile(self.url.removeprefix("sqlite:///"), copy)
                url = f"sqlite:///{copy}"
            else:
                url = databases.create(self.url, self.url.rpartition("/")[2])
                stack.callback(databases.drop, url)
            clock = SetClock(MONDAY)
            database = stack.enter_context(closing(Database(url, clock)))
            school = replace(self.first.school, database=database)
            yield replace(self.first, school=school, clock=clock, made={}, rows={})


@pytest.fixture(scope="module", params=databases.KINDS)
def template(request, tmp_path_factory, templates) -> Iterator[Template]:
    with templates.copy(request.param, tmp_path_factory.mktemp("every"), "small school") as url:
        with closing(Database(url, SetClock(MONDAY))) as database:
            school = templates.school(request.param, database)
            timetable = known_rows(school)
            timetable |= {(name, day): school.lesson(name, day) for name in COURSES for day in SHUT}
        yield Template(request.param, url, EveryWorld(school, timetable))


@dataclass
class History:
    """A world in which steps are done, undone and redone.

    `operations` = {step: the operation that it made}; `by` = {step: what has undone it, where it is undone}; `turns`:
    the steps that were done, undone or redone, in order; `kinds`: those that were written.
    """

    world: EveryWorld
    steps: dict[int, Step] = field(default_factory=dict)
    operations: dict[int, str] = field(default_factory=dict)
    by: dict[int, str] = field(default_factory=dict)
    turns: list[int] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def do(self, step: Step) -> None:
        last = self.world.scalar("SELECT max(id) FROM operation")
        if not done(self.world, step):
            return
        made = self._all(DONE, last=last)
        group = self.world.school.database.read(standing.group_of, made[0].uid) if made else ""
        assert len(made) <= 1 or all(one.uid in self._members(group) for one in made), f"{step} has made {made}"
        uid = group or (made[0].uid if made else "")
        if self._rows(uid):  # a step that changes nothing has not happened
            kinds = self._undone_as(group) or {one.kind for one in made}
            assert kinds == {WRITES[step[0]].name}
            self.steps[step[1]] = step
            self.operations[step[1]] = uid
            self.turns.append(step[1])
            self.kinds |= kinds

    def _all(self, statement: Any, **values: Any) -> Sequence[Any]:
        return self.world.school.database.read(lambda one: one.execute(statement, values).all())

    def _members(self, uid: str) -> list[str]:
        """The operations that are undone as one by this uid."""
        return self.world.school.database.read(standing.members, uid) or [uid]

    def _undone_as(self, group: str) -> set[str]:
        """The kind by whose rule the operations of a group are undone."""
        return {kind for kind in (self.world.school.database.read(standing.kind_of_group, group),) if kind}

    def _rows(self, uid: str) -> set[tuple[str, str]]:
        rows = [row for one in self._members(uid) for row in self._all(ROWS, uid=one)]
        return {(row.entity, row.subject) for row in rows if row.entity not in NAMING}

    def toggle(self, number: int) -> Refused | None:
        """Undo or redo what a step did, as its author; the refusal, if it is one."""
        actor = self.world.author(self.steps[number], self.steps)
        uid = self.by.get(number) or self.operations[number]
        preview = self.world.school.read(UNDOING.preview, actor, MONDAY, uid)
        try:
            written = self._undo(actor, uid)
        except Refused as refused:
            self._must_be_right(number, preview.refusal, refused)
            return refused
        assert preview.refusal is None
        if self.by.pop(number, None) is None:
            self.by[number] = written
        self.turns.append(number)
        kind = "SELECT kind FROM operation WHERE uid = :uid"
        self.kinds |= {self.world.scalar(kind, uid=one) for one in self._members(written)}
        return None

    def _undo(self, actor: Any, uid: str) -> str:
        question = ""
        try:
            return self.world.write(lambda uow: UNDOING.undo(uow, actor, uid, "By mistake"))
        except Question as asked:
            question = str(asked)
        return self.world.write(lambda uow: UNDOING.undo(uow, actor, uid, "By mistake", question))

    def _must_be_right(self, number: int, foreseen: Refused | None, refusal: Refused) -> None:
        """Something was done later at the same rows, at what this made, or took away what this was done at."""
        by_rows = not UNDOING.rules[WRITES[self.steps[number][0]].name].by
        if by_rows or StandsLater in (type(foreseen), type(refusal)):
            assert type(foreseen) is type(refusal), f"foreseen {foreseen!r}, then {refusal!r}"
        if isinstance(refusal, StandsLater):
            last = len(self.turns) - 1 - self.turns[::-1].index(number)
            mine = self._rows(self.operations[number])
            others = [self.operations[one] for one in self.turns[last + 1 :] if one != number]
            assert any(mine & self._rows(other) for other in others)
        elif isinstance(refusal, InUse):
            assert any(
                number in needs(self.steps[one]) and (one not in self.by or self.steps[one][0] in LEAVING_ROWS)
                for one in self.operations
            )
        else:
            assert self._without_place(number), repr(refusal)

    def _without_place(self, number: int) -> bool:
        """Whether what a step was done at is undone or taken back, or another step has taken its login since."""
        above = self._above(number)
        taking = {"lesson_gone", "column_gone", "remark_gone"}
        taken = {
            self.steps[one][2]["of"]
            for one in self.operations
            if one not in (number, *self.by) and self.steps[one][0] in taking
        }
        return bool(above & (self.by.keys() | taken))

    def _above(self, number: int) -> set[int]:
        direct = needs(self.steps[number])
        return direct.union(*(self._above(one) for one in direct)) if direct else direct


def done(world: EveryWorld, step: Step) -> bool:
    """Do a step; whether it could be done."""
    try:
        world.do(step)
    except (Refused, KeyError):  # what it would be done at is not there
        return False
    return True


def steps_left(history: History) -> list[Step]:
    """The steps without those that are undone, and what was done at what these made."""
    gone, kept = set(history.by), []
    for number, step in history.steps.items():
        if number in gone or needs(step) & gone:
            gone.add(number)
        else:
            kept.append(step)
    return kept


def must_be_the_same(left: dict[str, Any], right: dict[str, Any]) -> None:
    """Raise AssertionError with what comes around the first difference of two views of everything."""
    for name in left:
        one, other = str(left[name]), str(right[name])
        at = next((place for place, (a, b) in enumerate(zip_longest(one, other)) if a != b), None)
        around = slice(max(0, (at or 0) - 150), (at or 0) + 150)
        assert at is None, f"{name}: …{one[around]}… is not …{other[around]}…"


def must_be_as_if_never(history: History, other: EveryWorld) -> None:
    for step in steps_left(history):
        done(other, step)
    must_be_the_same(everything(history.world), everything(other))
    database = history.world.school.database
    assert not database.read(lambda connection: list(verifying.verify(connection)))
    assert record_faults(database) == []


def _run(template: Template, folder: Path, steps: list[Step], turns: Any) -> None:
    with template.world(folder) as one, template.world(folder) as other:
        history = History(one)
        for step in steps:
            history.do(step)
        for number in turns(sorted(history.operations)):
            note(f"{history.steps[number]}: {history.toggle(number)!r}")
        must_be_as_if_never(history, other)


@settings(max_examples=examples(2), suppress_health_check=SUPPRESSED)
@given(histories_of_all_kinds(), st.data())
def test_undone_in_any_order_everything_is_as_if_it_had_never_been(template, tmp_path_factory, steps, data):
    def turns(able: list[int]) -> list[int]:
        return data.draw(st.lists(st.sampled_from(able), max_size=12)) if able else []

    _run(template, tmp_path_factory.mktemp("worlds"), steps, turns)


@settings(max_examples=examples(1), suppress_health_check=SUPPRESSED)
@given(histories_with_each_kind(), st.data())
def test_some_of_each_kind_undone_in_any_order(template, tmp_path_factory, steps, data):
    def turns(able: list[int]) -> list[int]:
        return data.draw(st.permutations(able))

    _run(template, tmp_path_factory.mktemp("worlds"), steps, turns)


@settings(max_examples=examples(1), suppress_health_check=SUPPRESSED)
@given(steps=histories_with_each_kind())
def test_a_whole_history_goes_back_and_forth_and_back(template, tmp_path_factory, steps):
    """The last first, the first first, the last first: then every kind with an inverse was written."""
    folder = tmp_path_factory.mktemp("worlds")
    with template.world(folder) as one, template.world(folder) as other:
        history = History(one)
        for step in steps:
            history.do(step)
        assert WRITES.keys() - {history.steps[number][0] for number in history.operations} == set()
        whole = everything(one)
        able = list(history.turns)
        for number in able[::-1]:
            history.toggle(number)
        must_be_as_if_never(history, other)
        for number in able:
            history.toggle(number)
        assert history.by == {}
        must_be_the_same(everything(one), whole)
        for number in able[::-1]:
            history.toggle(number)
        must_be_as_if_never(history, other)
        assert history.kinds >= {kind.name for kind in KINDS.values() if kind.inverse}


def test_each_kind_with_an_inverse_is_in_a_history():
    undone = {kind.name for kind in WRITES.values()}
    while more := {KINDS[name].inverse for name in undone} - undone:
        undone |= more
    assert undone == {kind.name for kind in KINDS.values() if kind.inverse}


def test_each_kind_with_an_inverse_says_how_it_is_undone():
    assert set(UNDOING.rules) == {kind.name for kind in KINDS.values() if kind.inverse}
