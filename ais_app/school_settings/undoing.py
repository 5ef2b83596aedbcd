"""How changes of settings are undone (`ledger/kinds.py: Undo`)."""

from ais_app.ledger.kinds import Undo
from ais_app.rights.rules import Right
from ais_app.school_settings.kinds import KINDS

UNDOING = {kind.name: Undo(Right.CHANGE_SETTINGS, "ais_app.school_settings.service:undo") for kind in KINDS}
