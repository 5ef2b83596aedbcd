"""Erasing free texts of the ledger, which the law may demand: an operation of its own; the chain still holds (D-9)."""

from __future__ import annotations

from sqlalchemy import select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger import service
from ais_app.ledger.kinds import Kind
from ais_app.ledger.models import Operation, OperationItem, OperationReason, OperationText
from ais_app.ledger.rules import Item
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Author

ERASED = Kind("texts_erased", lambda: _("Free texts were erased"), without=lambda: _("What was erased is gone."))

_operation = table(Operation)
_item = table(OperationItem)
_text = table(OperationText)
_reason = table(OperationReason)


def text_subject(operation: str, ordinal: int, field: str) -> str:
    """How an operation that erases a text of an item names it: uid of the operation, ordinal of the item, field."""
    return f"{operation}:{ordinal}:{field}"


def erase_texts(uow: UnitOfWork, author: Author, uid: str, reason: str) -> int:
    """Erase every free text of the operation `uid` (comments, documents, its own reason); returns how many.

    Their hashes stay, so that the chain can be verified; an operation says what was erased, by whom and why. The right
    is the caller's affair. Raises Refused where there is no such operation, or nothing left to erase.
    """
    row = uow.execute(select(_operation.c.id, _operation.c.chain_id).where(_operation.c.uid == uid)).one_or_none()
    if row is None:
        raise Refused(_("There is no operation {uid}.").format(uid=uid))
    chain = service.lock(uow, row.chain_id)
    texts = uow.execute(
        select(_text.c.id, _text.c.field, _text.c.digest, _item.c.ordinal)
        .join(_item, _item.c.id == _text.c.item_id)
        .where(_item.c.operation_id == row.id, _text.c.text.is_not(None))
        .order_by(_item.c.ordinal, _text.c.field)
    ).all()
    reasons = uow.execute(
        select(_reason.c.id, _reason.c.digest).where(_reason.c.operation_id == row.id, _reason.c.text.is_not(None))
    ).all()
    items = [
        Item("operation_text", text_subject(uid, one.ordinal, one.field), {"sha256": one.digest}, None) for one in texts
    ]
    items += [Item("operation_reason", uid, {"sha256": one.digest}, None) for one in reasons]
    if not items:
        raise Refused(_("Nothing of this operation is left to erase."))
    for rows, found in ((_text, texts), (_reason, reasons)):
        uow.execute(update(rows).where(rows.c.id.in_([one.id for one in found])).values(text=None, salt=None))
    service.append_entry(uow, chain, service.Entry(author, ERASED.name, items, reason=reason))
    return len(items)
