"""A school says whether a mark may stand beside «н» (D-49)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "school", sa.Column("mark_beside_absence", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    with op.batch_alter_table("school") as table:
        table.alter_column("mark_beside_absence", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("school") as table:
        table.drop_column("mark_beside_absence")
