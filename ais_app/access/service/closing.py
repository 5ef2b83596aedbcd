"""Closing accounts for good, whose owner may demand that his name goes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ais_app.access.models import Account, LoginSession
from ais_app.access.records import ACCOUNT
from ais_app.access.service.accounts import AccountRef
from ais_app.access.service.attempts import forget_attempts
from ais_app.access.service.signing_in import end_sessions
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger import service as ledger
from ais_app.ledger.erasing import erase_texts_of_rows
from ais_app.ledger.kinds import ERASED
from ais_app.ledger.operation import operation
from ais_app.ledger.rows import set_outside
from ais_app.rights.rules import Actor, Right

_account, _session = table(Account), table(LoginSession)


def erased_login(uid: str) -> str:
    """The login of an account whose own was erased."""
    return f"erased-{uid}"


def erase_logins(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef], reason: str) -> int:
    """Erase the logins of accounts, here and in the ledger, and close them: blocked, without a secret or a session.

    Returns how many texts of the ledger were erased. The caller has made sure that nobody needs them. Raises NotYours.
    """
    with operation(uow, actor, ERASED, Right.ERASE_TEXTS, reason, chain=ledger.INSTALLATION) as op:
        erased = erase_texts_of_rows(op, ACCOUNT.name, [ref.uid for ref in accounts])
        for ref in accounts:
            row = uow.execute(select(_account.c.login, _account.c.blocked_at).where(_account.c.id == ref.id)).one()
            forget_attempts(uow, row.login)
            op.overwrite(ACCOUNT, ref.id, login=erased_login(ref.uid))
            op.update(ACCOUNT, ref.id, blocked_at=row.blocked_at or op.now)
            set_outside(uow, ACCOUNT, ref.id, password_hash=None, code_hash=None)
            end_sessions(uow, _session.c.account_id == ref.id)
    return erased
