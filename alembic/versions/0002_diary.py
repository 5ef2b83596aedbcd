"""Remarks of teachers, acknowledgements of families."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ais_app.db.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("at", ais_app.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["person.id"], name=op.f("fk_acknowledgement_student_id_person")),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name=op.f("fk_acknowledgement_guardian_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    with op.batch_alter_table("acknowledgement", schema=None) as batch:
        batch.create_index("ux_acknowledgement_week", ["student_id", "monday", "guardian_id"], unique=True)
        batch.create_index(batch.f("ix_acknowledgement_guardian_id"), ["guardian_id"], unique=False)
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("created_at", ais_app.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", ais_app.db.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_remark_lesson_id_lesson")),
        sa.ForeignKeyConstraint(["student_id"], ["person.id"], name=op.f("fk_remark_student_id_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_remark_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint("uid", name=op.f("uq_remark_uid")),
    )
    with op.batch_alter_table("remark", schema=None) as batch:
        batch.create_index("ix_remark_place", ["lesson_id", "student_id"], unique=False)
        batch.create_index(batch.f("ix_remark_student_id"), ["student_id"], unique=False)


def downgrade() -> None:
    op.drop_table("remark")
    op.drop_table("acknowledgement")
