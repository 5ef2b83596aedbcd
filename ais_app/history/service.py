"""What of reading is recorded: that an inspector looked at operations, once for each thing in a session; exports."""

from __future__ import annotations

from collections import OrderedDict

from sqlalchemy import select

from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.history.kinds import OPERATIONS_EXPORTED, OPERATIONS_VIEWED
from ais_app.history.payloads import Conditions
from ais_app.history.queries.reach import reach_of
from ais_app.ledger.models import Operation, OperationItem
from ais_app.ledger.operation import operation
from ais_app.rights.rules import Actor, Right

REMEMBERED = 10_000
LISTED = "operations"  # the entity of what is no row of a table
# (session, what was looked at) of views that are in the ledger for certain.
_recorded: OrderedDict[tuple[str, str], None] = OrderedDict()

_operation, _item = table(Operation), table(OperationItem)


async def look(database: Database, actor: Actor, asked: Conditions) -> None:
    """Before operations are shown: a view that must be recorded is in the ledger when this returns."""
    view = (actor.session_uid, viewed(asked))
    if actor.hat.is_watched and view not in _recorded:
        await database.awrite(lambda uow: record_view(uow, actor, asked), shard=actor.hat.school_uid)
        _recorded[view] = None
        while len(_recorded) > REMEMBERED:
            _recorded.popitem(last=False)


def viewed(asked: Conditions) -> str:
    """Whose operations are looked at: the uid of a person, a row or a class; else of all."""
    return asked.person or asked.subject or asked.school_class or "all"


def record_view(uow: UnitOfWork, actor: Actor, asked: Conditions) -> None:
    """Append that the actor looks at these operations, once for each session. Raises NotYours."""
    with operation(uow, actor, OPERATIONS_VIEWED, Right.SEE_OPERATIONS, chain=reach_of(actor).chain) as op:
        known = uow.execute(
            select(_operation.c.id)
            .join(_item, _item.c.operation_id == _operation.c.id)
            .where(
                _item.c.entity == LISTED,
                _item.c.subject == viewed(asked),
                _operation.c.kind == OPERATIONS_VIEWED.name,
                _operation.c.session == actor.session_uid,
            )
            .limit(1)
        ).first()
        if known is None:
            op.changed(LISTED, viewed(asked), None, None)


def record_export(uow: UnitOfWork, actor: Actor, asked: Conditions) -> None:
    """Append that operations left the house, with the conditions by which they were chosen. Raises NotYours."""
    with operation(uow, actor, OPERATIONS_EXPORTED, Right.SEE_OPERATIONS, chain=reach_of(actor).chain) as op:
        conditions = {name: value for name, value in asked.model_dump().items() if value}
        op.added("export", actor.hat.school_uid or "installation", {"format": "CSV", **conditions})
