"""States of control: what is written down, accounts, the integrity of the ledger, movement, an inspection."""

from ais_app.control.state.accounts import AccountsState, TaskItem
from ais_app.control.state.inspection import InspectionState, ViewItem
from ais_app.control.state.integrity import ChainItem, CheckItem, FaultItem, IntegrityState, StepItem
from ais_app.control.state.keeping import GapItem, KeepingItem, KeepingState
from ais_app.control.state.movement import MoveItem, MovementState, SizeItem

__all__ = [
    "AccountsState",
    "ChainItem",
    "CheckItem",
    "FaultItem",
    "GapItem",
    "InspectionState",
    "IntegrityState",
    "KeepingItem",
    "KeepingState",
    "MoveItem",
    "MovementState",
    "SizeItem",
    "StepItem",
    "TaskItem",
    "ViewItem",
]
