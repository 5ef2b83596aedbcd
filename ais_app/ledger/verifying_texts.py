"""Verifying the texts and reasons that are kept beside the chain: each must be the one whose hash stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.i18n import _
from ais_app.ledger import rules
from ais_app.ledger.fault import Fault
from ais_app.ledger.kinds import ERASED
from ais_app.ledger.models import Operation, OperationItem

DIGEST_NAME = '"sha256"'  # stands in the data of an item that has a text

_operation, _item = table(Operation), table(OperationItem)
_ERASURES = Prepared(
    select(_item.c.id)
    .join(_operation, _operation.c.id == _item.c.operation_id)
    .where(
        _item.c.entity == bindparam("entity"), _item.c.subject == bindparam("subject"), _operation.c.kind == ERASED.name
    )
)
StoredText = Sequence[Any]  # id, salt, text, digest; before them its field, where it is of an item


@dataclass(frozen=True, slots=True)
class SealedItem:
    """An item that has texts or should have some: its id, ordinal and data, and the texts as they are stored."""

    id: int
    ordinal: int
    data: str
    texts: list[StoredText]


def faults_of_texts(connection: Connection, operation: str, item: SealedItem) -> Iterator[Fault]:
    """What is wrong with the texts of an item; `operation`: the uid of its operation."""
    declared = _sealed_fields(item.data)
    missing = set(declared)
    for field, *text in item.texts:
        if field in missing:
            missing.remove(field)
            if not _is_whole(text, declared[field]):
                subject = rules.text_subject(operation, item.ordinal, field)
                yield from _faults_of_text(connection, "operation_text", text, declared[field], subject)
        else:
            yield Fault(
                "operation_text", f"id={text[0]}", _("belongs to no text «{field}» in the chain").format(field=field)
            )
    for field in sorted(missing):
        yield Fault("operation_text", f"item={item.id} {field}", _("is missing"))


def faults_of_reason(connection: Connection, row: Any, stored: StoredText | None) -> Iterator[Fault]:
    """What is wrong with the reason of an operation (`row`)."""
    if row.reason is None:
        yield Fault("operation_reason", f"operation={row.id}", _("belongs to no reason in the chain"))
    elif stored is None:
        yield Fault("operation_reason", f"operation={row.id}", _("is missing"))
    elif not _is_whole(stored, row.reason):
        yield from _faults_of_text(connection, "operation_reason", stored, row.reason, row.uid)


def _is_whole(stored: StoredText, digest: str) -> bool:
    """Whether a text is there, and the one that was sealed: so it is with nearly all."""
    _id, salt, text, stored_digest = stored
    if salt is None or text is None or stored_digest != digest:
        return False
    return rules.digest_of(salt, text) == digest


def _faults_of_text(
    connection: Connection, name: str, stored: StoredText, digest: str, subject: str
) -> Iterator[Fault]:
    """`subject`: how an operation that erases it names it."""
    text_id, salt, text, stored_digest = stored
    if stored_digest != digest:
        yield Fault(name, f"id={text_id}", _("its digest is not the one in the chain"))
    elif (text is None) != (salt is None):
        yield Fault(name, f"id={text_id}", _("is neither whole nor erased"))
    elif text is None and not _ERASURES.all(connection, {"entity": name, "subject": subject}):
        yield Fault(name, f"id={text_id}", _("was erased, and no operation says so"))
    elif text is not None and salt is not None and rules.digest_of(salt, text) != digest:
        yield Fault(name, f"id={text_id}", _("its text was changed"))


def _sealed_fields(data: str) -> dict[str, str]:
    """{side.name: digest} of the free texts of an item.

    An item in whose text there is no object but its sides and these is read without JSON, which takes longer than all
    hashes of an operation.
    """
    after, middle, before = data.partition(',"before":')
    found = [("after", after), ("before", before)]
    sealed = {f"{side}.{name}": digest for side, text in found for name, digest in _DIGEST.findall(text)}
    sides = (after != '{"after":null') + (before != "null}")
    if middle and before.find(middle) < 0 and data.count("{") == 1 + sides + len(sealed):
        return sealed
    return {
        f"{side}.{name}": value["sha256"]
        for side, fields in zip(("before", "after"), rules.sides_of(data), strict=True)
        for name, value in (fields or {}).items()
        if isinstance(value, dict) and value.keys() == {"sha256"}
    }


_DIGEST = re.compile(r'"([^"\\]+)":\{"sha256":"([^"\\]*)"\}')
