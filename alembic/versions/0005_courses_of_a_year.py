"""The courses of a school's year are found without looking through those of all its years."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_course_year", "course", ["school_id", "year_id"])


def downgrade() -> None:
    op.drop_index("ix_course_year", "course")
