"""Settings of a school are dated values with a table of their own; those that were columns of `school` move there.

What moves is an operation of each school (format 2 of the ledger), so that the values stand in its history.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from ais_app.db.columns import UtcDateTime, new_uid

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FROM_THE_BEGINNING = date(1900, 1, 1)
NUMBERS = {"edit_window_days": 7, "topic_days": 0, "homework_minutes": 60, "correction_hours": 24, "opening_hours": 24}
FLAGS = {"mark_one_allowed": False, "mark_beside_absence": True}

_school = sa.table(
    "school",
    sa.column("id", sa.Integer),
    sa.column("uid", sa.String),
    *(sa.column(name, sa.Integer) for name in NUMBERS),
    *(sa.column(name, sa.Boolean) for name in FLAGS),
)
_value = sa.table(
    "setting_value",
    sa.column("uid", sa.String),
    sa.column("school_id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("reach", sa.String),
    sa.column("reach_of", sa.String),
    sa.column("value", sa.String),
    sa.column("valid_from", sa.Date),
)


def upgrade() -> None:
    op.create_table(
        "setting_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("reach", sa.String(length=16), nullable=False),
        sa.Column("reach_of", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_setting_value_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_value")),
        sa.UniqueConstraint("uid", name=op.f("uq_setting_value_uid")),
    )
    columns = ["school_id", "key", "reach", "reach_of", "valid_from"]
    op.create_index("ux_setting_value_from", "setting_value", columns, unique=True)
    connection = op.get_bind()
    for school in connection.execute(sa.select(_school)).all():
        unusual = [name for name, usual in (NUMBERS | FLAGS).items() if getattr(school, name) != usual]
        rows = [_row(school, name) for name in unusual]
        if rows:
            connection.execute(sa.insert(_value), rows)
            _append(connection, school.uid, rows)
    with op.batch_alter_table("school") as table:
        for name in (*NUMBERS, *FLAGS):
            table.drop_column(name)


def downgrade() -> None:
    connection = op.get_bind()
    for name, usual in NUMBERS.items():
        op.add_column("school", sa.Column(name, sa.Integer(), nullable=False, server_default=str(usual)))
    for name, usual in FLAGS.items():
        default = sa.true() if usual else sa.false()
        op.add_column("school", sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
    own = sa.select(_value).where(_value.c.valid_from == FROM_THE_BEGINNING, _value.c.reach == "school")
    for row in connection.execute(own).all():
        if row.key in NUMBERS or row.key in FLAGS:
            value = int(row.value) if row.key in NUMBERS else row.value == "yes"
            connection.execute(sa.update(_school).where(_school.c.id == row.school_id).values({row.key: value}))
    with op.batch_alter_table("school") as table:
        for name in (*NUMBERS, *FLAGS):
            table.alter_column(name, server_default=None)
    op.drop_table("setting_value")


def _row(school: Any, name: str) -> dict[str, Any]:
    return {
        "uid": new_uid(),
        "school_id": school.id,
        "key": name,
        "reach": "school",
        "reach_of": "",
        "value": _spelled(getattr(school, name)),
        "valid_from": FROM_THE_BEGINNING,
    }


_chain = sa.table("ledger_chain", *map(sa.column, ("chain_id", "sequence", "head")))
_SAID = ("account", "hat", "kind", "network", "origin", "sequence", "session", "uid")
_operation = sa.table(
    "operation",
    *map(sa.column, ("id", "chain_id", "format", "canonical", "previous", "hash", *_SAID)),
    sa.column("moment", UtcDateTime()),
)
_item = sa.table("operation_item", *map(sa.column, ("operation_id", "ordinal", "entity", "subject", "data")))


def _append(connection: sa.Connection, school: str, rows: list[dict[str, Any]]) -> None:
    """Append one operation as the ledger spells them at this revision."""
    chain = f"school:{school}"
    head = connection.execute(sa.select(_chain).where(_chain.c.chain_id == chain)).one_or_none()
    if head is None:
        return  # written past the ledger: there is no history to go on with
    items = [("setting_value", row["uid"], _json({"before": None, "after": _after(school, row)})) for row in rows]
    said = dict.fromkeys(_SAID, "") | {"account": "operator", "hat": "system_admin:-:-", "kind": "setting_changed"}
    said |= {"origin": "migration", "uid": new_uid(), "sequence": head.sequence + 1}
    moment = datetime.now(UTC)
    spelled = {"chain": chain, "format": 2, "items": items, "moment": moment.isoformat(timespec="microseconds")}
    canonical = _json(said | spelled)
    linked = hashlib.sha256((head.head + canonical).encode()).hexdigest()
    kept = {"chain_id": chain, "format": 2, "canonical": canonical, "previous": head.head, "hash": linked}
    added = sa.insert(_operation).values(**said, **kept, moment=moment).returning(_operation.c.id)
    operation_id = connection.execute(added).scalar_one()
    names = ("entity", "subject", "data")
    listed = [
        {"operation_id": operation_id, "ordinal": number, **dict(zip(names, item, strict=True))}
        for number, item in enumerate(items)
    ]
    connection.execute(sa.insert(_item), listed)
    moved = sa.update(_chain).where(_chain.c.chain_id == chain)
    connection.execute(moved.values(sequence=head.sequence + 1, head=linked))


def _after(school: str, row: dict[str, Any]) -> dict[str, Any]:
    of_row = {name: row[name] for name in ("key", "reach", "reach_of", "value")}
    return {**of_row, "school": school, "valid_from": row["valid_from"].isoformat()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _spelled(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
