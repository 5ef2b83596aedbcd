"""Each mark knows when it was written, a school from when on changing one asks for a reason; a family signs again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ais_app.db.columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = ais_app.db.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("school", sa.Column("correction_hours", sa.Integer(), nullable=False, server_default="24"))
    with op.batch_alter_table("school") as table:
        table.alter_column("correction_hours", server_default=None)
    op.add_column("mark", sa.Column("written_at", _MOMENT, nullable=True))
    # The oldest moment that can be true: when something was written into the cell for the first time.
    op.execute(
        "UPDATE mark SET written_at = COALESCE((SELECT entered_at FROM cell WHERE cell.work_id = mark.work_id "
        "AND cell.student_id = mark.student_id), (SELECT created_at FROM school JOIN person ON "
        "person.school_id = school.id WHERE person.id = mark.student_id))"
    )
    with op.batch_alter_table("mark") as table:
        table.alter_column("written_at", existing_type=_MOMENT, nullable=False)
    _index_weeks(unique=False)


def downgrade() -> None:
    op.execute(
        "DELETE FROM acknowledgement WHERE id NOT IN "
        "(SELECT MIN(id) FROM acknowledgement GROUP BY student_id, monday, guardian_id)"
    )
    _index_weeks(unique=True)
    with op.batch_alter_table("mark") as table:
        table.drop_column("written_at")
    with op.batch_alter_table("school") as table:
        table.drop_column("correction_hours")


def _index_weeks(*, unique: bool) -> None:
    old, new = ("ix", "ux") if unique else ("ux", "ix")
    op.drop_index(f"{old}_acknowledgement_week", table_name="acknowledgement")
    op.create_index(
        f"{new}_acknowledgement_week", "acknowledgement", ["student_id", "monday", "guardian_id"], unique=unique
    )
