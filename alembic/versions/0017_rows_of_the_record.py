"""Every row of the record has a uid, by which the ledger names it, or a key that is made of others'."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ais_app.db.columns import new_uid

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAMES = ("enrollment", "guardianship", "class_leading", "course_teacher", "holiday", "acknowledgement")


def upgrade() -> None:
    connection = op.get_bind()
    for name in NAMES:
        op.add_column(name, sa.Column("uid", sa.String(length=32), nullable=True))
        rows = sa.table(name, sa.column("id", sa.Integer), sa.column("uid", sa.String))
        ids = connection.execute(sa.select(rows.c.id)).scalars().all()
        given = [{"row": row_id, "made": new_uid()} for row_id in ids]
        if given:
            statement = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values(uid=sa.bindparam("made"))
            connection.execute(statement, given)
        with op.batch_alter_table(name) as table:
            table.alter_column("uid", existing_type=sa.String(length=32), nullable=False)
            table.create_unique_constraint(f"uq_{name}_uid", ["uid"])


def downgrade() -> None:
    for name in NAMES:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"uq_{name}_uid", type_="unique")
            table.drop_column("uid")
