"""Undo of any operation by its uid: a new operation of the inverse kind, which names the undone one (D-30).

    uid = UNDOING.undo(uow, actor, operation_uid, reason)

Whoever made an operation undoes it, while he could still make it now; so does who has its right over the whole school.
It is refused when a later operation stands at the same rows and fields. To undo the new operation is to redo. What is
larger than one unit of work (`AT_ONCE` rows) goes through the bulk lane in pieces that are undone as one; a run that
was cut off is finished by asking once more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from sqlalchemy import Connection

from ais_app.db import Database, UnitOfWork
from ais_app.db.bulk import Piece, Take
from ais_app.db.columns import new_uid
from ais_app.i18n import _
from ais_app.ledger import putting_back, service, standing
from ais_app.ledger.kinds import Kind, Undo
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.putting_back import Records
from ais_app.ledger.records import Record
from ais_app.ledger.rules import Item
from ais_app.ledger.standing import GROUP, UNDONE, DoneItem, DoneOperation
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Scope

AT_ONCE = 500  # rows of one unit of work


class NothingToUndo(Refused):
    """Everything of the operation is undone already."""

    code = "undone"

    def __init__(self) -> None:
        super().__init__(_("This was undone already."))


class NoInverse(Refused):
    """Operations of this kind are not undone; the text says why."""

    code = "no_inverse"


class StandsLater(Refused):
    """Somebody has changed the same since: that comes first. `operations`: the uids of these changes."""

    code = "later"

    def __init__(self, operations: Sequence[str]) -> None:
        super().__init__(_("The same was changed later: that has to be undone first."))
        self.operations = tuple(operations)


class TooLarge(Refused):
    """More rows than one unit of work may change: it goes through the bulk lane."""

    code = "large"

    def __init__(self) -> None:
        super().__init__(_("This is too much to be undone at once."))


@dataclass(frozen=True, slots=True)
class Part:
    """What of an operation is to be undone in one unit of work: `items`, the last first. `confirmed`: the question that
    the person has read and says yes to.
    """

    operation: DoneOperation
    items: tuple[DoneItem, ...]
    confirmed: str
    records: Records

    def put_back(self, op: Operation, items: Sequence[DoneItem] | None = None) -> None:
        """Put the rows back as they were before. Raises as `putting_back.put_back`."""
        putting_back.put_back(op, self.items if items is None else items, self.records)


@dataclass(frozen=True, slots=True)
class Preview:
    """What undoing an operation would do: `changes`, the last first, which of them becomes `before` again.

    `refusal`: the sentence why it is not possible, "" = it is. `later`: what stands later at the same rows.
    `undone`: how many rows are undone already, where the undoing was cut off.
    """

    operations: tuple[DoneOperation, ...]
    kind: Kind
    changes: tuple[DoneItem, ...]
    later: tuple[DoneOperation, ...] = ()
    refusal: Refused | None = None
    undone: int = 0


@dataclass(frozen=True, slots=True)
class Undoing:
    """`kinds` {name: kind}, `records` {entity: table of the record}, `rules` {kind: how it is undone} of all rooms."""

    kinds: Mapping[str, Kind]
    records: Records
    rules: Mapping[str, Undo]
    at_once: int = AT_ONCE

    def preview(self, reading: Reading, uid: str) -> Preview:
        """What would change. `uid` names an operation or a group. Raises NotYours."""
        connection = reading.connection
        named = self._named(connection, reading.actor, uid)
        changes: list[DoneItem] = []
        later: dict[str, DoneOperation] = {}
        undone = 0
        for done in named:
            rows, left = _rows_and_left(connection, done)
            undone += len(rows) - len(left)
            found = standing.items(connection, done, left)
            later |= {one.uid: one for one in self._later(connection, done, found, named)}
            changes += found
        refusal: Refused | None = None
        try:
            rules = {done.uid: self._rule(done) for done in named}
            _must_be_free(changes, list(later.values()))
            plain = [item for item in changes if not rules[item.operation].by]
            putting_back.must_be_possible(connection, plain, self.records)
        except Refused as error:
            refusal = error
        return Preview(
            tuple(named), self.kinds[named[0].undone_as], tuple(changes), tuple(later.values()), refusal, undone
        )

    def undo(self, uow: UnitOfWork, actor: Actor, uid: str, reason: str = "", confirmed: str = "") -> str:
        """Undo an operation or a group in this unit of work; returns the uid by which that is undone itself.

        Raises NotYours, NoInverse, NothingToUndo, StandsLater, TooLarge, what the person who makes it himself would
        meet now, and what `putting_back.put_back` raises.
        """
        connection = uow.connection
        named = self._named(connection, actor, uid)
        self._rule(named[0])
        runs = [(done, run) for done in named for run in _runs(_rows_and_left(connection, done)[1])]
        if not runs:
            raise NothingToUndo
        if sum(len(run) for _done, run in runs) > self.at_once:
            raise TooLarge
        group = _group_begun(connection, named) or (new_uid() if len(runs) > 1 else "")
        asked = _Asked(actor, reason, confirmed, group, tuple(named))
        written = [self._undo_run(uow, asked, done, run) for done, run in runs]
        return group or written[0]

    def undo_in_pieces(
        self,
        database: Database,
        actor: Actor,
        uid: str,
        reason: str = "",
        progress: Callable[[int], None] | None = None,
    ) -> str:
        """Undo an operation or a group of any size by the bulk lane; returns the uid of the group that undoes it.

        It is checked whole first, and raises as `undo`; then BulkFailed when something comes between: what is undone
        and what is not is known then, and the same call finishes it. `progress(how many rows are undone)`.
        """

        def prepared(connection: Connection) -> tuple[Preview, Take, str]:
            shown = self.preview(Reading.at(connection, actor, database.clock.now()), uid)
            return shown, *self.pieces(connection, actor, uid, reason)

        shown, take, group = database.read(prepared)
        if shown.refusal is not None:
            raise shown.refusal
        undone = shown.undone

        def count(rows: int) -> None:
            nonlocal undone
            undone += rows
            if progress is not None:
                progress(undone)

        database.write_bulk(take, shard=actor.hat.school_uid, progress=count)
        return group

    def pieces(self, connection: Connection, actor: Actor, uid: str, reason: str = "") -> tuple[Take, str]:
        """(pieces for the bulk lane, the uid of their group); each piece returns how many rows it has undone."""
        named, waiting, begun = self.left(connection, actor, uid)
        # What undoes something is never undone by halves: then its rows would not be those that it names.
        whole = standing.undone_by(connection, named).keys()
        group = begun or new_uid()
        asked = _Asked(actor, reason, "", group, tuple(named))

        def work(uow: UnitOfWork, size: int) -> int:
            done, run = waiting[0]
            some = run if done.uid in whole else run[-size:]
            self._undo_run(uow, asked, done, some)
            waiting[0] = done, run[: -len(some)]
            if not waiting[0][1]:
                waiting.pop(0)
            return len(some)

        def take(size: int) -> Piece | None:
            return (lambda uow: work(uow, size)) if waiting else None

        return take, group

    def left(
        self, connection: Connection, actor: Actor, uid: str
    ) -> tuple[list[DoneOperation], list[tuple[DoneOperation, list[int]]], str]:
        """(the operations that this uid names, what stands of them as runs of ordinals in the order of undoing, the
        group of what has begun to undo them or ""). Raises NotYours.
        """
        named = self._named(connection, actor, uid)
        runs = [(done, run) for done in named for run in _runs(_rows_and_left(connection, done)[1])]
        return named, runs, _group_begun(connection, named)

    def undo_some(
        self, uow: UnitOfWork, actor: Actor, uid: str, some: Sequence[tuple[str, Sequence[int]]], group: str
    ) -> None:
        """Undo the next of what `left` gave, {operation: a run of ordinals}, in `group`. Raises as `undo`."""
        named = {done.uid: done for done in self._named(uow.connection, actor, uid)}
        asked = _Asked(actor, "", "", group, tuple(named.values()))
        for one, ordinals in some:
            self._undo_run(uow, asked, named[one], ordinals)

    def _undo_run(self, uow: UnitOfWork, asked: _Asked, done: DoneOperation, ordinals: Sequence[int]) -> str:
        """Undo these items of an operation by one of the inverse kind; returns its uid."""
        rule = self._rule(done)
        inverse = self.kinds[self.kinds[done.undone_as].inverse]
        with operation(uow, asked.actor, inverse, rule.right, asked.reason, chain=done.chain_id) as op:
            marks = standing.undoers(uow.connection, [done.uid]).standing(done.uid)
            if any(mark.first <= max(ordinals) and min(ordinals) <= mark.last for mark in marks):
                raise NothingToUndo
            items = standing.items(uow.connection, done, ordinals)
            _must_be_free(items, self._later(uow.connection, done, items, asked.named))
            op.add(Item(UNDONE, done.uid, None, {"first": min(ordinals), "last": max(ordinals)}))
            if asked.group:
                op.add(Item(GROUP, asked.group, None, {}))
            part = Part(done, tuple(items), asked.confirmed, self.records)
            if rule.by:
                module, _colon, function = rule.by.partition(":")
                getattr(import_module(module), function)(op, part)
            else:
                part.put_back(op)
        return op.uid

    def _later(
        self,
        connection: Connection,
        done: DoneOperation,
        items: Sequence[DoneItem],
        together: Collection[DoneOperation],
    ) -> list[DoneOperation]:
        """The later operations that stand at the rows and fields of these items, in order; `together`: what is undone
        as one with `done` does not count.
        """
        mine: dict[tuple[str, str], list[DoneItem]] = {}
        for item in items:
            mine.setdefault((item.entity, item.subject), []).append(item)
        apart = {one.uid for one in together}
        found: list[tuple[DoneItem, DoneOperation]] = []
        for item, later in standing.later_items(connection, done, items):
            record = self.records.get(item.entity)
            placed = record.placed if isinstance(record, Record) else ()
            own = mine[item.entity, item.subject]
            if later.uid not in apart and any(item.overlaps(one, placed) for one in own):
                found.append((item, later))
        return _standing_later(connection, done, found)

    def _named(self, connection: Connection, actor: Actor, uid: str) -> list[DoneOperation]:
        """The operations that are undone as one by this uid, the last first. Raises NotYours."""
        group = standing.group_of(connection, uid) or uid
        uids = standing.members(connection, group) or [uid]
        kind = standing.kind_of_group(connection, group)
        known = {one: replace(done, group_kind=kind) for one, done in standing.operations(connection, uids).items()}
        if not known or not all(self._may(actor, done) for done in known.values()):
            raise NotYours
        return sorted(known.values(), key=lambda done: -done.id)  # of several chains, too

    def _may(self, actor: Actor, done: DoneOperation) -> bool:
        """Whether an actor undoes this: he made it, or has its right over the whole school of it."""
        rule, chain = self.rules.get(done.undone_as), service.school_chain(actor.hat.school_uid)
        own = done.account == actor.account_uid and done.chain_id in (chain, service.INSTALLATION)
        if done.kind not in self.kinds:
            return False
        if rule is None:
            return own
        scopes = actor.scopes(rule.right)
        over_school = Scope.SCHOOL in scopes and done.chain_id == chain
        return bool(scopes) and (own or over_school or Scope.INSTALLATION in scopes)

    def _rule(self, done: DoneOperation) -> Undo:
        """How an operation is undone. Raises NoInverse."""
        kind, rule = self.kinds[done.undone_as], self.rules.get(done.undone_as)
        if kind.without is not None:
            raise NoInverse(kind.without())
        if rule is None:
            raise NoInverse(_("This is not undone as a whole: change it back where it was changed."))
        return rule


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who undoes what as one, and why."""

    actor: Actor
    reason: str
    confirmed: str
    group: str
    named: tuple[DoneOperation, ...]


def _standing_later(
    connection: Connection, done: DoneOperation, found: Sequence[tuple[DoneItem, DoneOperation]]
) -> list[DoneOperation]:
    """Those of later operations, given with what they did, that stand, in order.

    What was undone does not stand, nor what has undone something that came after `done`.
    """
    if not found:
        return []
    later = {one.uid: one for _item, one in found}
    undoers = standing.undoers(connection, later)
    undoes = standing.undone_by(connection, list(later.values()))
    targets = standing.operations(connection, {mark.target for mark in undoes.values()})
    neutral = {uid for uid, mark in undoes.items() if targets[mark.target].sequence >= done.sequence}
    standing_uids = {
        one.uid for item, one in found if one.uid not in neutral and not undoers.is_undone(one.uid, item.ordinal)
    }
    return sorted((later[uid] for uid in standing_uids), key=lambda one: one.sequence)


def _must_be_free(items: Sequence[DoneItem], later: Sequence[DoneOperation]) -> None:
    """Raise NothingToUndo, StandsLater."""
    if not items:
        raise NothingToUndo
    if later:
        raise StandsLater([one.uid for one in later])


def _rows_and_left(connection: Connection, done: DoneOperation) -> tuple[list[int], list[int]]:
    """(the ordinals of what an operation did to rows, those of what is not undone of it)."""
    rows = standing.rows_touched(connection, done)
    marks = standing.undoers(connection, [done.uid]).standing(done.uid)
    undone = {ordinal for mark in marks for ordinal in range(mark.first, mark.last + 1)}
    return rows, [ordinal for ordinal in rows if ordinal not in undone]


def _runs(ordinals: Sequence[int]) -> list[list[int]]:
    """Ordinals as runs without gaps, the last run first."""
    found: list[list[int]] = []
    for ordinal in ordinals:
        if not found or ordinal != found[-1][-1] + 1:
            found.append([])
        found[-1].append(ordinal)
    return found[::-1]


def _group_begun(connection: Connection, named: Sequence[DoneOperation]) -> str:
    """The group of what has begun to undo these operations, or ""."""
    undoers = standing.undoers(connection, [done.uid for done in named])
    by = [mark.by for done in named for mark in undoers.standing(done.uid)]
    return next((group for uid in by if (group := standing.group_of(connection, uid))), "")
