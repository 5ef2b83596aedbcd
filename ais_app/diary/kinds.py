"""The kinds of operations of the diary."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

WEEK_ACKNOWLEDGED = Kind(
    "week_acknowledged",
    lambda: _("A week was acknowledged"),
    without=lambda: _("What somebody has seen he has seen."),
)
ACKNOWLEDGEMENTS_RESTORED = Kind(
    "acknowledgements_restored",
    lambda: _("Signatures of another installation were taken over"),
    without=lambda: _("What somebody has seen he has seen."),
)

KINDS = (WEEK_ACKNOWLEDGED, ACKNOWLEDGEMENTS_RESTORED)
