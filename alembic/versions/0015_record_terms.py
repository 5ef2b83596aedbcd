"""A school says by when topic and homework are to be written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DEFAULTS = {"topic_days": "0", "homework_minutes": "60"}


def upgrade() -> None:
    for name, default in DEFAULTS.items():
        op.add_column("school", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    with op.batch_alter_table("school") as table:
        for name in DEFAULTS:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("school") as table:
        for name in DEFAULTS:
            table.drop_column(name)
