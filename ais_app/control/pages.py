"""The page of this room and its parts of the home."""

from ais_app.control.channel import deliver
from ais_app.control.page import accounts, inspection, integrity_page, keeping, movement
from ais_app.control.state import AccountsState, InspectionState, IntegrityState, KeepingState, MovementState
from ais_app.control.state.integrity import CHANNEL
from ais_app.i18n import _
from ais_app.pages import HomePart, Page, Pages
from ais_app.rights.rules import Right

PAGES = Pages(
    pages=(Page("/integrity", integrity_page, Right.CHECK_INTEGRITY, _("Integrity"), (IntegrityState.open_page,)),),
    home=(
        HomePart(keeping, KeepingState.open_part),
        HomePart(inspection, InspectionState.open_part),
        HomePart(accounts, AccountsState.open_part),
        HomePart(movement, MovementState.open_part),
    ),
    channels={CHANNEL: deliver},
    styles=("home",),
)
