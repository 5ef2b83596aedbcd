"""Making rows what an import wants, and what they were before it: the same, forward and back.

Rows of the record go the way of every undo (`ledger/putting_back.py`): each only while it is as it was when the import
was worked out. What an import inserted is deleted again, also where others end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from sqlalchemy import delete, func, insert, select, update

from ais_app.access.kinds import ACCOUNTS_OPENED
from ais_app.access.models import Account, LoginSession, RoleAssignment
from ais_app.access.records import ACCOUNT
from ais_app.access.service.signing_in import end_sessions
from ais_app.access.service.worn_roles import follow_ended_roles
from ais_app.db.columns import pairs, table
from ais_app.exchange.models import ImportedChange, ImportedId, ImportRun
from ais_app.exchange.writing.plan import IdChange, Step
from ais_app.i18n import _
from ais_app.ledger import putting_back, standing
from ais_app.ledger.models import Operation as OperationRow
from ais_app.ledger.models import OperationItem
from ais_app.ledger.operation import Operation
from ais_app.ledger.putting_back import Records
from ais_app.ledger.records import Record
from ais_app.ledger.rows import rows_named, set_outside
from ais_app.ledger.rules import Item
from ais_app.ledger.standing import GROUP, DoneItem
from ais_app.ledger.undoing import Part
from ais_app.records import RECORDS
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Role

IDS = "imported_ids"  # the entity of the item of a portion of ids of other systems; subject = «run:portion»

_operation, _item = table(OperationRow), table(OperationItem)
_account, _role, _session = table(Account), table(RoleAssignment), table(LoginSession)
_imported, _change, _run = table(ImportedId), table(ImportedChange), table(ImportRun)


class InUse(Refused):
    """Somebody has signed in with an account that the import opened."""

    code = "accounts_in_use"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has signed in with an account of this set: it cannot be taken back. Block accounts instead.")
        )


@cache
def _records() -> Records:
    """Every table of the record; rows that were inserted are deleted."""
    return {
        name: replace(record, ended_by="")
        if isinstance(record, Record)
        else replace(record, by="ais_app.journal.restored_cells:put_back")
        for name, record in RECORDS.items()
    }


def write(op: Operation, run: str, steps: Sequence[Step]) -> None:
    """Write steps of one chain. Raises what `putting_back.put_back` raises."""
    for of_ids, some in groupby(steps, key=lambda step: bool(step.ids)):
        if of_ids:
            for step in some:
                _add_ids(op, run, step.ids)
            continue
        rows = list(some)
        items = [DoneItem("", 0, step.entity, step.subject, step.after, step.before) for step in rows]
        _put_back(op, items)
        _give_secrets(op, {step.subject: step.secret for step in rows if step.secret})
        _follow(op, items)


def take_back(op: Operation, part: Part) -> None:
    """Undo a part of what an import wrote, or do it again (`Room.undoing`). Raises InUse, and as `write`."""
    _begin_to_take_back(op, part)
    for of_ids, some in groupby(part.items, key=lambda item: item.entity == IDS):
        items = list(some)
        if of_ids:
            for item in items:
                _put_ids_back(op, item)
        else:
            _put_back(op, items)
            _follow(op, items)


def _put_back(op: Operation, items: Sequence[DoneItem]) -> None:
    """Make rows of the record what they were before these items."""
    for of_logins, some in groupby(items, key=lambda item: item.entity == _account.name and item.fields == {"login"}):
        if of_logins:
            _put_logins(op, list(some))
        else:
            putting_back.put_back(op, some, _records())


def _put_logins(op: Operation, items: Sequence[DoneItem]) -> None:
    """Give accounts their logins of before; two of them may swap. Raises NotAsLeft."""
    rows = rows_named(op.uow.connection, ACCOUNT, [item.subject for item in items])
    if any(rows.get(item.subject, {}).get("login") != (item.after or {}).get("login") for item in items):
        raise putting_back.NotAsLeft
    changes = {rows[item.subject]["id"]: {"login": (item.before or {})["login"]} for item in items}
    free = {row["id"]: {"login": f"{row['login'][:40]} {uid}"} for uid, row in rows.items()}
    op.update_all(ACCOUNT, changes, meanwhile=free)


def _begin_to_take_back(op: Operation, part: Part) -> None:
    """Note that a run is being taken back; the first time look whether that is possible."""
    group = standing.group_of(op.uow.connection, part.operation.uid)
    begun = op.uow.execute(select(_run.c.taken_back).where(_run.c.uid == group)).scalar_one_or_none()
    if begun is not False:
        return
    members = select(_item.c.operation_id).where(_item.c.entity == GROUP, _item.c.subject == group)
    opened = (
        select(_item.c.subject)
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_operation.c.id.in_(members), _operation.c.kind == ACCOUNTS_OPENED.name, _item.c.entity == _account.name)
    )
    signed_in = select(_session.c.id).join(_account, _account.c.id == _session.c.account_id)
    if op.uow.execute(signed_in.where(_account.c.uid.in_(opened)).limit(1)).first() is not None:
        raise InUse
    op.uow.execute(update(_run).where(_run.c.uid == group).values(taken_back=True))


def _give_secrets(op: Operation, secrets: dict[str, str]) -> None:
    """Give new accounts, by their uids, the hashes of their one-time codes."""
    if secrets:
        ids = pairs(op.uow.execute(select(_account.c.uid, _account.c.id).where(_account.c.uid.in_(secrets))))
        for uid, code_hash in secrets.items():
            set_outside(op.uow, ACCOUNT, ids[uid], code_hash=code_hash)


def _follow(op: Operation, items: Sequence[DoneItem]) -> None:
    """End the sessions of accounts that became blocked, and of roles that ended or are there no more (S-20)."""
    blocked = [
        item.subject
        for item in items
        if item.entity == _account.name and item.after is not None and (item.before or {}).get("blocked_at")
    ]
    if blocked:
        ids = select(_account.c.id).where(_account.c.uid.in_(blocked))
        end_sessions(op.uow, _session.c.account_id.in_(ids))
    roles = [item for item in items if item.entity == _role.name and item.after is not None]
    ended = [item.subject for item in roles if item.before is not None and "valid_to" in item.before]
    gone = [(item.after["account"], item.after["role"]) for item in roles if item.before is None and item.after]
    over: list[tuple[int, Role]] = []
    if ended:
        rows = op.uow.execute(select(_role.c.account_id, _role.c.role).where(_role.c.uid.in_(ended)))
        over += [(row.account_id, Role(row.role)) for row in rows]
    if gone:
        named = {account for account, _role_name in gone}
        held = pairs(op.uow.execute(select(_account.c.uid, _account.c.id).where(_account.c.uid.in_(named))))
        over += [(held[account], Role(role)) for account, role in gone if account in held]
    if over:
        follow_ended_roles(op.uow, over)


def _add_ids(op: Operation, run: str, changes: Sequence[IdChange]) -> None:
    """Write a portion of ids of other systems, and what they were before."""
    last = select(func.max(_change.c.portion)).where(_change.c.run == run)
    portion = (op.uow.execute(last).scalar() or 0) + 1
    rows = [
        {"run": run, "portion": portion, "source": one.source, "entity": one.entity, "source_id": one.source_id}
        | {"before": one.before, "after": one.after}
        for one in changes
    ]  # fmt: skip
    op.uow.execute(insert(_change), rows)
    _put_ids(op, changes)
    op.added(IDS, f"{run}:{portion}", {"rows": len(changes)})


def _put_ids_back(op: Operation, item: DoneItem) -> None:
    """Make the ids of a portion what they were before an item, which wrote them or took them back."""
    run, _colon, portion = item.subject.partition(":")
    rows = op.uow.execute(select(_change).where(_change.c.run == run, _change.c.portion == int(portion))).all()
    written = item.before is None
    changes = [
        IdChange(row.source, row.entity, row.source_id, row.after, row.before)
        if written
        else IdChange(row.source, row.entity, row.source_id, row.before, row.after)
        for row in rows
    ]
    _put_ids(op, changes)
    op.add(Item(IDS, item.subject, item.after, item.before))


def _put_ids(op: Operation, changes: Sequence[IdChange]) -> None:
    """Give ids of other systems their uid of after. Raises NotAsLeft where one is not as it was before."""
    of_entities: dict[tuple[str, str], list[IdChange]] = {}
    for change in changes:
        of_entities.setdefault((change.source, change.entity), []).append(change)
    for (source, entity), some in of_entities.items():
        of_entity = (_imported.c.source == source) & (_imported.c.entity == entity)
        where = of_entity & _imported.c.source_id.in_([one.source_id for one in some])
        held = pairs(op.uow.execute(select(_imported.c.source_id, _imported.c.uid).where(where)))
        if held != {one.source_id: one.before for one in some if one.before is not None}:
            raise putting_back.NotAsLeft
        if held:
            op.uow.execute(delete(_imported).where(where))
    rows = [
        {"source": one.source, "entity": one.entity, "source_id": one.source_id, "uid": one.after}
        for one in changes
        if one.after is not None
    ]
    if rows:
        op.uow.execute(insert(_imported), rows)
