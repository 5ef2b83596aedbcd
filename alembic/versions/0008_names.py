"""Persons get a sort key, and names their normal form C: what changes by that is an operation of each school."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from ais_app.db.columns import UtcDateTime, new_uid
from ais_app.people.names import (LONGEST_KEY, sort_key)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NO_KEY = "-"  # of a row that was written past the product; SQLite adds no column without a default
KEY = sa.String(LONGEST_KEY).with_variant(sa.String(LONGEST_KEY, collation="C"), "postgresql")
# {table: (what the ledger calls it, the columns that hold names, where uid and school stand)}
NAMED: Mapping[str, tuple[str, tuple[str, ...], str, str]] = {
    "school": ("school", ("name", "short_name"), "one.uid, one.id", ""),
    "academic_year": ("year", ("name",), "one.uid, one.school_id", ""),
    "period_scheme": ("period_scheme", ("name",), "one.uid, one.school_id", ""),
    "grading_period": (
        "grading_period",
        ("name",),
        "one.uid, scheme.school_id",
        "JOIN period_scheme scheme ON scheme.id = one.scheme_id",
    ),
    "holiday": (
        "holiday",
        ("name",),
        "year.uid, year.school_id",
        "JOIN academic_year year ON year.id = one.year_id",
    ),
    "bell_schedule": ("bell_schedule", ("name",), "one.uid, one.school_id", ""),
    "subject": ("subject", ("name", "short_name"), "one.uid, one.school_id", ""),
    "study_group": ("group", ("name",), "one.uid, one.school_id", ""),
    "school_class": ("school_class", ("letter", "name"), "one.uid, one.school_id", ""),
    "control_type": ("control_type", ("name", "code"), "one.uid, one.school_id", ""),
    "course": ("course", ("name",), "one.uid, one.school_id", ""),
    "person": ("person", ("family_name", "given_name", "patronymic"), "one.uid, one.school_id", ""),
}

Item = tuple[str, str, dict[str, Any], dict[str, Any]]  # entity, subject, before, after


def upgrade() -> None:
    op.add_column("person", sa.Column("sort_key", KEY, nullable=False, server_default=NO_KEY))
    connection = op.get_bind()
    changed: dict[int | None, list[Item]] = {}
    for table in NAMED:
        for school, item in _normalised(connection, table):
            changed.setdefault(school, []).append(item)
    _fill_keys(connection)
    schools = {row.id: row.uid for row in connection.execute(sa.text("SELECT id, uid FROM school"))}
    for school, items in changed.items():
        chain = "installation" if school is None else f"school:{schools[school]}"
        _append(connection, chain, items)
    op.create_index("ix_person_name", "person", ["school_id", "sort_key"])


def downgrade() -> None:
    op.drop_index("ix_person_name", "person")
    op.drop_column("person", "sort_key")  # not in batch mode: others refer to the table, it cannot be made anew


def _normalised(connection: sa.Connection, table: str) -> Iterator[tuple[int | None, Item]]:
    """Bring the names of a table to the normal form C; yields (school id, what the ledger is to say) of each row."""
    entity, columns, place, joined = NAMED[table]
    listed = ", ".join(f"one.{column}" for column in columns)
    rows = connection.execute(sa.text(f"SELECT one.id, {place}, {listed} FROM {table} one {joined} ORDER BY one.id"))  # noqa: S608
    for row_id, uid, school, *names in rows.all():
        better = [unicodedata.normalize("NFC", name) for name in names]
        if better == names:
            continue
        setting = ", ".join(f"{column} = :{column}" for column in columns)
        values = dict(zip(columns, better, strict=True))
        connection.execute(sa.text(f"UPDATE {table} SET {setting} WHERE id = :row"), {**values, "row": row_id})  # noqa: S608
        if entity == "person":
            yield school, (entity, uid, {"name": _full(names)}, {"name": _full(better)})
        else:
            differing = [n for n, (old, new) in enumerate(zip(names, better, strict=True)) if old != new]
            before, after = ({columns[n]: side[n] for n in differing} for side in (names, better))
            yield school, (entity, uid, before, after)


def _full(names: list[str]) -> str:
    return " ".join(names).strip()


def _fill_keys(connection: sa.Connection) -> None:
    rows = connection.execute(sa.text("SELECT id, family_name, given_name, patronymic FROM person")).all()
    keys = [{"row": row_id, "key": sort_key(*names)} for row_id, *names in rows]
    if keys:
        connection.execute(sa.text("UPDATE person SET sort_key = :key WHERE id = :row"), keys)


_chain = sa.table("ledger_chain", *map(sa.column, ("chain_id", "sequence", "head")))
_OPERATION = ("chain_id", "sequence", "uid", "kind", "account", "hat", "session", "network", "origin")
_operation = sa.table(
    "operation",
    *map(sa.column, ("id", *_OPERATION, "canonical", "previous", "hash")),
    sa.column("moment", UtcDateTime()),
)
_item = sa.table("operation_item", *map(sa.column, ("id", "operation_id", "ordinal", "entity", "subject", "data")))
_text = sa.table("operation_text", *map(sa.column, ("id", "item_id", "field", "salt", "text", "digest")))


def _append(connection: sa.Connection, chain: str, items: list[Item]) -> None:
    """Append one operation as the ledger spells them at this revision: history is added to, never changed."""
    held = connection.execute(sa.select(_chain).where(_chain.c.chain_id == chain)).one_or_none()
    if held is None:
        connection.execute(_chain.insert().values(chain_id=chain, sequence=0, head="0" * 64))
    sequence, previous = (1, "0" * 64) if held is None else (held.sequence + 1, held.head)
    moment, sealed = datetime.now(UTC), [_sealed(item) for item in items]
    told = {
        "account": "operator",
        "chain": chain,
        "hat": "system_admin:-:-",
        "kind": "names_normalised",
        "network": "",
        "origin": "migration",
        "sequence": sequence,
        "session": "",
        "uid": new_uid(),
    }
    spelled = {"moment": moment.isoformat(timespec="microseconds"), "items": [one[:3] for one in sealed]}
    canonical = _json(told | spelled)
    head = hashlib.sha256((previous + canonical).encode()).hexdigest()
    row = {name: told[name] for name in told if name != "chain"} | {"chain_id": chain, "moment": moment}
    row |= {"canonical": canonical, "previous": previous, "hash": head}
    operation = connection.execute(_operation.insert().values(**row).returning(_operation.c.id)).scalar_one()
    for ordinal, (entity, subject, data, texts) in enumerate(sealed):
        values = {"operation_id": operation, "ordinal": ordinal, "entity": entity, "subject": subject, "data": data}
        item_id = connection.execute(_item.insert().values(**values).returning(_item.c.id)).scalar_one()
        if texts:
            connection.execute(_text.insert(), [{"item_id": item_id, **text} for text in texts])
    moved = _chain.update().where(_chain.c.chain_id == chain)
    connection.execute(moved.values(sequence=sequence, head=head))


def _sealed(item: Item) -> tuple[str, str, str, list[dict[str, str]]]:
    """(entity, subject, data, texts): the names of persons stand beside the chain, under salted hashes."""
    entity, subject, before, after = item
    if entity != "person":
        return entity, subject, _json({"before": before, "after": after}), []
    data, texts = {}, []
    for side, values in (("before", before), ("after", after)):
        salt = secrets.token_hex(16)
        digest = hashlib.sha256((salt + values["name"]).encode()).hexdigest()
        data[side] = {"name": {"sha256": digest}}
        texts.append({"field": f"{side}.name", "salt": salt, "text": values["name"], "digest": digest})
    return entity, subject, _json(data), texts


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
