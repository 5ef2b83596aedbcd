"""The kinds of operations of this room: that somebody took operations with him, that an inspector looked at them."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

OPERATIONS_VIEWED = Kind(
    "operations_viewed",
    lambda: _("Operations were looked at"),
    without=lambda: _("What was seen cannot be unseen."),
)
OPERATIONS_EXPORTED = Kind(
    "operations_exported",
    lambda: _("Operations were exported"),
    without=lambda: _("The file is out of the house."),
)

KINDS = (OPERATIONS_VIEWED, OPERATIONS_EXPORTED)
