"""The kinds of operations of imports and exports themselves; an import writes by the services of the other rooms."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

SCHOOL_EXPORTED = Kind(
    "school_exported",
    lambda: _("The school was exported"),
    without=lambda: _("What has left the school cannot be called back."),
)

KINDS = (SCHOOL_EXPORTED,)
