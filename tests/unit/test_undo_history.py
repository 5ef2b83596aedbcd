"""Undo in any order, then every reader's view equals the history without what was undone (D-30)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.journal.errors import Question
from ais_app.ledger import verifying
from ais_app.ledger.standing import NAMING
from ais_app.ledger.undoing import StandsLater
from ais_app.rights.errors import Refused
from ais_app.undoing import UNDOING
from tests.conftest import MONDAY
from tests.depth import examples
from tests.unit.steps import Step, depends, histories
from tests.unit.test_taking_back_history import World, template, views, worlds  # noqa: F401 - a fixture

SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
TRAIL = ("corrections", "gone", "changed")  # a mark that was undone was seen: that it was taken away stays (0014)
ROWS = text(
    "SELECT entity, subject FROM operation_item JOIN operation ON operation.id = operation_id WHERE operation.uid = :uid"
)


@dataclass
class Undone:
    """A world in which operations are undone and redone.

    `operations` = {step: the operation that it made}; `by` = {step: what has undone it, where it is undone}; `turns`:
    the steps that were done, undone or redone, in order.
    """

    world: World
    operations: dict[int, str] = field(default_factory=dict)
    by: dict[int, str] = field(default_factory=dict)
    turns: list[int] = field(default_factory=list)

    def do(self, step: Step) -> None:
        before = self._last()
        self.world.do(step)
        last = self._last()
        if last != before and self._rows(last):  # a step may change nothing
            self.operations[step[1]] = last
            self.turns.append(step[1])

    def _last(self) -> str:
        return self.world.scalar("SELECT uid FROM operation ORDER BY id DESC LIMIT 1")

    def _rows(self, uid: str) -> set[tuple[str, str]]:
        rows = self.world.school.database.read(lambda one: one.execute(ROWS, {"uid": uid}).all())
        return {(row.entity, row.subject) for row in rows if row.entity not in NAMING}

    def toggle(self, step: Step, gone: set[int]) -> Refused | None:
        """Undo or redo what a step did, as its author; the refusal, if it is one."""
        number = step[1]
        uid = self.by.get(number) or self.operations[number]
        preview = self.world.school.read(UNDOING.preview, self._author(step), MONDAY, uid)
        refusal: Refused | None = None
        try:
            written = self._undo(step, uid)
        except Refused as refused:
            refusal = refused
        else:
            if self.by.pop(number, None) is None:
                self.by[number] = written
            self.turns.append(number)
        stands_later = isinstance(refusal, StandsLater)
        assert stands_later == isinstance(preview.refusal, StandsLater)
        if stands_later:
            self._must_be_justified(number)
        else:
            assert preview.refusal is None
            assert refusal is None or gone  # what it was done at is gone
        return refusal

    def _must_be_justified(self, number: int) -> None:
        """Something at the same rows was done, undone or redone after the last time that this was."""
        last = len(self.turns) - 1 - self.turns[::-1].index(number)
        mine = self._rows(self.operations[number])
        others = [self.operations[one] for one in self.turns[last + 1 :] if one != number]
        assert any(mine & self._rows(other) for other in others)

    def _author(self, step: Step) -> Any:
        what, _number, asked = step
        if what == "reason":
            return self.world._class_teacher
        return self.world.teacher(asked["course"] if what == "lesson" else self.world.lesson(asked["at"])[0])

    def _undo(self, step: Step, uid: str) -> str:
        actor, question = self._author(step), ""
        try:
            return self.world.write(lambda uow: UNDOING.undo(uow, actor, uid, "By mistake"))
        except Question as asked:
            question = str(asked)
        return self.world.write(lambda uow: UNDOING.undo(uow, actor, uid, "By mistake", question))


def standing(steps: list[Step], undone: set[int]) -> list[Step]:
    """The history in which these steps, and what was done at what they made, never happened."""
    gone, kept = set(undone), []
    for step in steps:
        if step[1] in gone or depends(step, gone):
            gone.add(step[1])
        else:
            kept.append(step)
    return kept


@settings(max_examples=examples(8), suppress_health_check=SUPPRESSED)
@given(histories(), st.data())
def test_undone_in_any_order_everything_is_as_if_it_had_never_been(template, tmp_path_factory, history, data):  # noqa: F811
    steps = history[0]
    with worlds(template, tmp_path_factory.mktemp("worlds")) as (one, other):
        done = Undone(one)
        for step in steps:
            done.do(step)
        able = [step for step in steps if step[1] in done.operations]
        for step in data.draw(st.lists(st.sampled_from(able), max_size=8)) if able else ():
            gone = {number for number in done.by if number != step[1]}
            refusal = done.toggle(step, gone)
            note(f"{step[:2]}: {refusal!r}")
        for step in standing(steps, set(done.by)):
            other.do(step)
        left, right = (views(world, exact=False, without=TRAIL) for world in (one, other))
        for name in left:
            assert left[name] == right[name], name
        assert not one.school.database.read(lambda connection: list(verifying.verify(connection)))
