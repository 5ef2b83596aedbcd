"""The kinds of operations of imports and exports."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

SCHOOL_EXPORTED = Kind(
    "school_exported",
    lambda: _("The school was exported"),
    without=lambda: _("What has left the school cannot be called back."),
)
SET_IMPORTED = Kind("set_imported", lambda: _("A set was imported"), inverse="set_taken_back")
SET_TAKEN_BACK = Kind("set_taken_back", lambda: _("The import of a set was taken back"), inverse="set_imported")

KINDS = (SCHOOL_EXPORTED, SET_IMPORTED, SET_TAKEN_BACK)
