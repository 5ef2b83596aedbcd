"""Operations are read by author, kind and day, a page at a time in the order of their chain."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = {"ix_operation_account": ["account"], "ix_operation_moment": ["moment"]}
AFTER = {
    "ix_operation_account": ["account", "chain_id", "sequence"],
    "ix_operation_kind": ["chain_id", "kind", "sequence"],
    "ix_operation_moment": ["chain_id", "moment", "sequence"],
}


def upgrade() -> None:
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)


def _replace(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in old:
        op.drop_index(name, table_name="operation")
    for name, columns in new.items():
        op.create_index(name, "operation", columns)
