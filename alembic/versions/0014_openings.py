"""Teachers ask to write after the edit window; a deputy opens a lesson for hours that the school sets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ais_app.db.columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = ais_app.db.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("school", sa.Column("opening_hours", sa.Integer(), nullable=False, server_default="24"))
    with op.batch_alter_table("school") as table:
        table.alter_column("opening_hours", server_default=None)
    op.create_table(
        "opening_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_opening_request_school_id_school")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_opening_request_course_id_course")),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_opening_request_lesson_id_lesson"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["student_id"], ["person.id"], name=op.f("fk_opening_request_student_id_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_opening_request_asked_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_opening_request_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_request")),
        sa.UniqueConstraint("uid", name=op.f("uq_opening_request_uid")),
    )
    waiting = sa.text("decided_at IS NULL")
    with op.batch_alter_table("opening_request", schema=None) as batch:
        batch.create_index(
            "ux_opening_request_waiting",
            ["lesson_id", "asked_by"],
            unique=True,
            sqlite_where=waiting,
            postgresql_where=waiting,
        )
        batch.create_index("ix_opening_request_waiting", ["school_id", "decided_at"], unique=False)
        batch.create_index(batch.f("ix_opening_request_course_id"), ["course_id"], unique=False)
        batch.create_index(batch.f("ix_opening_request_asked_by"), ["asked_by"], unique=False)
    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("over_closed_period", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "course_id IS NOT NULL OR class_id IS NOT NULL OR person_id IS NOT NULL", name=op.f("ck_opening_has_scope")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_opening_school_id_school")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_opening_course_id_course")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_opening_class_id_school_class")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opening_person_id_person")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_opening_granted_by_person")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["opening_request.id"], name=op.f("fk_opening_request_id_opening_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("uid", name=op.f("uq_opening_uid")),
    )
    with op.batch_alter_table("opening", schema=None) as batch:
        batch.create_index("ix_opening_until", ["school_id", "until"], unique=False)
        batch.create_index(batch.f("ix_opening_course_id"), ["course_id"], unique=False)


def downgrade() -> None:
    op.drop_table("opening")
    op.drop_table("opening_request")
    with op.batch_alter_table("school") as table:
        table.drop_column("opening_hours")
