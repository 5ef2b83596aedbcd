"""Logins in NFC and casefolded; a session says on what device and browser it was opened."""

from __future__ import annotations

import logging
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

LONGEST = 64
log = logging.getLogger("ais.migrations")

account = sa.table(
    "account",
    sa.column("id", sa.Integer()),
    sa.column("uid", sa.String()),
    sa.column("login", sa.String()),
    sa.column("last_login_at", sa.DateTime()),
)


def normalised(login: str) -> str:
    """As the code of this version compares logins: frozen here, because a migration outlives the code."""
    decomposed = unicodedata.normalize("NFD", login.strip())
    return unicodedata.normalize("NFC", decomposed.casefold())


def upgrade() -> None:
    op.add_column("login_session", sa.Column("device", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("login_session", sa.Column("browser", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("login_session") as table:
        table.alter_column("device", existing_type=sa.String(length=16), server_default=None)
        table.alter_column("browser", existing_type=sa.String(length=16), server_default=None)
    normalise(op.get_bind())


def normalise(connection: sa.Connection) -> None:
    """Bring every login to its one spelling. Of accounts that become the same, one keeps it; the others are named.

    It stays with the account that has it already, else with the one that signed in last, else with the oldest. The
    others get the first free «login-2», «login-3», …: nothing of them is lost, and their owners are told the new login.
    """
    rows = connection.execute(sa.select(account).order_by(account.c.id)).all()
    claims: dict[str, list] = {}
    for row in rows:
        claims.setdefault(normalised(row.login), []).append(row)
    logins = {row.id: row.login for row in rows}
    taken = set(claims)
    for login, claiming in claims.items():
        first, *others = sorted(claiming, key=lambda row: (row.login != login, *_unused(row), row.id))
        logins[first.id] = login
        for row in others:
            logins[row.id] = _free(login, taken)
            taken.add(logins[row.id])
            log.warning(
                "The logins of the accounts %s and %s were two spellings of «%s»: %s keeps it, %s is now «%s».",
                *(first.uid, row.uid, login, first.uid, row.uid, logins[row.id]),
            )
    changed = [row for row in rows if logins[row.id] != row.login]
    for row in changed:  # out of the way first: one may take the spelling that another one has left
        connection.execute(account.update().where(account.c.id == row.id).values(login=f"{row.id} {row.uid}"))
    for row in changed:
        connection.execute(account.update().where(account.c.id == row.id).values(login=logins[row.id]))


def _unused(row) -> tuple[bool, float]:
    """Sorts those who signed in last before the others."""
    if row.last_login_at is None:
        return True, 0.0
    return False, -row.last_login_at.timestamp()


def _free(login: str, taken: set[str]) -> str:
    number = 2
    while (free := f"{login[: LONGEST - len(str(number)) - 1]}-{number}") in taken:
        number += 1
    return free


def downgrade() -> None:
    with op.batch_alter_table("login_session") as table:
        table.drop_column("device")
        table.drop_column("browser")
