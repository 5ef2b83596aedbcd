"""How the operations that set a school up are undone: the rows are put back as they were (`ledger/kinds.py: Undo`)."""

from ais_app.ledger.kinds import Undo
from ais_app.rights.rules import Right
from ais_app.school.kinds import KINDS

UNDOING = {kind.name: Undo(Right.SET_UP_SCHOOL) for kind in KINDS if kind.inverse}
