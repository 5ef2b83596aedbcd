"""What this room declares."""

from ais_app.ledger.models import LedgerChain, Operation, OperationItem, OperationReason, OperationText
from ais_app.room import Room

ROOM = Room(
    tables=(
        LedgerChain,
        Operation,
        OperationItem,
        OperationText,
        OperationReason,
    ),
)
