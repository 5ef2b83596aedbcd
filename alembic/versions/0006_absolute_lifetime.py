"""How long a session may last at most, whatever it is used for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HOURS_12, DAYS_30, DAYS_180 = 12 * 3600, 30 * 24 * 3600, 180 * 24 * 3600


def upgrade() -> None:
    with op.batch_alter_table("login_session") as table:
        table.add_column(sa.Column("absolute_seconds", sa.Integer(), nullable=True))
    session = sa.table(
        "login_session",
        sa.column("personal_device", sa.Boolean()),
        sa.column("idle_seconds", sa.Integer()),
        sa.column("absolute_seconds", sa.Integer()),
    )
    of_family = session.c.idle_seconds > HOURS_12  # a session of a family was given thirty days without use
    own = sa.case((of_family, DAYS_180), else_=DAYS_30)
    op.execute(session.update().values(absolute_seconds=sa.case((session.c.personal_device, own), else_=HOURS_12)))
    with op.batch_alter_table("login_session") as table:
        table.alter_column("absolute_seconds", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("login_session") as table:
        table.drop_column("absolute_seconds")
