"""Operations have a format number and a reason; lessons and columns can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ais_app.db.columns

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

# {table: (index, columns)} of places that are free again when what stood there was taken back
PLACES = {
    "lesson": ("ux_lesson_place", ["course_id", "day", "number"]),
    "work": ("ux_work_ordinal", ["lesson_id", "ordinal"]),
}


def upgrade() -> None:
    # Without batches: those copy the table, and the ledger's triggers and references do not go with it.
    op.add_column("operation", sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("operation", sa.Column("reason", sa.String(length=64), nullable=True))
    op.create_table(
        "operation_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_operation_reason_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_reason")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_operation_reason_operation_id")),
    )
    standing, gone = sa.text("taken_back_at IS NULL"), sa.text("taken_back_at IS NOT NULL")
    for table, (index, columns) in PLACES.items():
        op.add_column(table, sa.Column("taken_back_at", ais_app.db.columns.UtcDateTime(timezone=True), nullable=True))
        op.drop_index(index, table)
        op.create_index(index, table, columns, unique=True, sqlite_where=standing, postgresql_where=standing)
        op.create_index(f"ix_{table}_taken_back", table, columns[:1], sqlite_where=gone, postgresql_where=gone)


def downgrade() -> None:
    for table, (index, columns) in PLACES.items():
        op.drop_index(f"ix_{table}_taken_back", table)
        op.drop_index(index, table)
        op.drop_column(table, "taken_back_at")
        op.create_index(index, table, columns, unique=True)
    op.drop_table("operation_reason")
    op.drop_column("operation", "reason")
    op.drop_column("operation", "format")
