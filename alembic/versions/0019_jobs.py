"""Jobs and the schedules by which the server asks for them itself."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'running') AND key <> ''")


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _words(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text("uid", 32), _text("school", 32), _text("kind", 64), _text("key", 64), _words("payload")),
        *(_text("state", 16), _moment("run_after"), _text("owner", 32), _moment("lease_until", nullable=True)),
        *(_number("attempts"), _text("step", 64), _number("done"), _number("total"), _number("written")),
        *(_words("result"), _text("file", 32), _text("error_id", 32), _words("refused")),
        *(_flag("stop_asked"), _flag("put_away")),
        *(_text("account", 32), _text("hat", 96), _text("session", 32), _text("network", 64), _text("origin", 16)),
        *(_moment("asked_at"), _moment("started_at", nullable=True), _moment("ended_at", nullable=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_job_uid")),
    )
    columns = ["kind", "school", "key"]
    op.create_index("ux_job_open", "job", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_job_due", "job", ["state", "run_after"])
    op.create_index("ix_job_listed", "job", ["school", "asked_at"])
    op.create_table(
        "job_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text("kind", 64), _text("school", 32), _text("rule", 96), _moment("next_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_schedule")),
    )
    op.create_index("ux_job_schedule_kind", "job_schedule", ["kind", "school"], unique=True)


def downgrade() -> None:
    op.drop_table("job_schedule")
    op.drop_table("job")
