"""A field of an item has one free text: a second one would be shown in its place."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without batches: those copy the table, and the ledger's triggers do not go with it.
    op.create_index("ux_operation_text_field", "operation_text", ["item_id", "field"], unique=True)
    op.drop_index("ix_operation_text_item_id", table_name="operation_text")


def downgrade() -> None:
    op.create_index("ix_operation_text_item_id", "operation_text", ["item_id"])
    op.drop_index("ux_operation_text_field", table_name="operation_text")
