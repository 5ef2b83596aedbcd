"""How the operations of accounts are undone (`ledger/kinds.py: Undo`); each under the checks of a new one."""

from ais_app.access import kinds
from ais_app.ledger.kinds import Undo
from ais_app.rights.rules import Right

_SERVICE = "ais_app.access.service.undoing"
_ROLES, _BLOCKS, _LOGINS = (Undo(Right.KEEP_ACCOUNTS, f"{_SERVICE}:{name}") for name in ("roles", "blocks", "logins"))

UNDOING = {
    kinds.ROLES_GIVEN.name: _ROLES,
    kinds.ROLES_ENDED.name: _ROLES,
    kinds.ACCOUNTS_BLOCKED.name: _BLOCKS,
    kinds.ACCOUNTS_UNBLOCKED.name: _BLOCKS,
    kinds.LOGINS_CHANGED.name: _LOGINS,
}
