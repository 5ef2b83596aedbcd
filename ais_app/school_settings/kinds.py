"""Kinds of operations that change settings."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

SETTING_CHANGED = Kind("setting_changed", lambda: _("A setting was changed"), inverse="setting_cancelled")
SETTING_CANCELLED = Kind(
    "setting_cancelled", lambda: _("A change of a setting was cancelled"), inverse="setting_changed"
)

KINDS = (SETTING_CHANGED, SETTING_CANCELLED)
