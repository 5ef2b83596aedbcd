"""Erasing texts of the ledger, which the law may demand: an operation of its own; the chain still holds (D-9).

The hashes of erased texts stay, so that the chain can be verified; an operation says what was erased, by whom and why.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger import models
from ais_app.ledger.kinds import ERASED
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.rules import text_subject
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Actor, Right

_operation = table(models.Operation)
_item = table(models.OperationItem)
_text = table(models.OperationText)
_reason = table(models.OperationReason)

AT_ONCE = 500  # ids that one statement asks for


def erase_texts(uow: UnitOfWork, actor: Actor, uid: str, reason: str) -> int:
    """Erase every free text of the operation `uid` (comments, documents, its own reason); returns how many.

    Raises NotYours, and Refused where there is no such operation, or nothing left to erase.
    """
    row = uow.execute(select(_operation.c.id, _operation.c.chain_id).where(_operation.c.uid == uid)).one_or_none()
    if row is None:
        raise Refused(_("There is no operation {uid}.").format(uid=uid))
    with operation(uow, actor, ERASED, Right.ERASE_TEXTS, reason, chain=row.chain_id) as op:
        erased = _erase(op, _item.c.operation_id == row.id) + _erase_reason(op, row.id, uid)
        if not erased:
            raise Refused(_("Nothing of this operation is left to erase."))
    return erased


def erase_texts_of_rows(op: Operation, entity: str, subjects: Sequence[str]) -> int:
    """Erase within an operation every text that operations of all times say of these rows; returns how many."""
    erased = 0
    for start in range(0, len(subjects), AT_ONCE):
        some = subjects[start : start + AT_ONCE]
        erased += _erase(op, (_item.c.entity == entity) & _item.c.subject.in_(some))
    return erased


def _erase(op: Operation, items: ColumnElement[bool]) -> int:
    """Erase the texts that are left of the items that a condition finds."""
    texts = op.uow.execute(
        select(_text.c.id, _text.c.field, _text.c.digest, _item.c.ordinal, _operation.c.uid)
        .join(_item, _item.c.id == _text.c.item_id)
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(items, _text.c.text.is_not(None))
        .order_by(_item.c.id, _text.c.field)
    ).all()
    for one in texts:
        op.changed("operation_text", text_subject(one.uid, one.ordinal, one.field), {"sha256": one.digest}, None)
    for start in range(0, len(texts), AT_ONCE):
        some = [one.id for one in texts[start : start + AT_ONCE]]
        op.uow.execute(update(_text).where(_text.c.id.in_(some)).values(text=None, salt=None))
    return len(texts)


def _erase_reason(op: Operation, operation_id: int, uid: str) -> int:
    kept = (_reason.c.operation_id == operation_id) & _reason.c.text.is_not(None)
    digest = op.uow.execute(select(_reason.c.digest).where(kept)).scalar_one_or_none()
    if digest is None:
        return 0
    op.changed("operation_reason", uid, {"sha256": digest}, None)
    op.uow.execute(update(_reason).where(kept).values(text=None, salt=None))
    return 1
