"""Homework has a day on which it is due; a diary knows when it was last looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ais_app.db.columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("homework", sa.Column("due", sa.Date(), nullable=True))
    is_set = sa.text("due IS NOT NULL")
    op.create_index("ix_homework_due", "homework", ["due"], sqlite_where=is_set, postgresql_where=is_set)
    op.create_table(
        "diary_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("known", ais_app.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("looked", ais_app.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_diary_visit_account_id_account")),
        sa.ForeignKeyConstraint(["student_id"], ["person.id"], name=op.f("fk_diary_visit_student_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_visit")),
    )
    with op.batch_alter_table("diary_visit", schema=None) as batch:
        batch.create_index(batch.f("ix_diary_visit_student_id"), ["student_id"], unique=False)
        batch.create_index("ux_diary_visit_place", ["account_id", "student_id"], unique=True)


def downgrade() -> None:
    op.drop_table("diary_visit")
    op.drop_index("ix_homework_due", table_name="homework")
    with op.batch_alter_table("homework") as table:
        table.drop_column("due")
