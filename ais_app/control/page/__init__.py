"""The components of control: parts of the homes, and the page of the ledger's integrity."""

from ais_app.control.page.accounts import accounts
from ais_app.control.page.inspection import inspection
from ais_app.control.page.integrity import integrity_page
from ais_app.control.page.keeping import keeping
from ais_app.control.page.movement import movement

__all__ = ["accounts", "inspection", "integrity_page", "keeping", "movement"]
