"""What a page says of the search: the files of its dialog, which are fetched when it first opens."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.web.build import versioned

SCRIPT, STYLE, OPENER = "/js/search.js", "/css/search.css", "/js/opener.js"


def attributes() -> dict[str, str]:
    """The attributes of the button."""
    return {
        "title": _("Find  Ctrl K"),
        "aria-label": _("Find people, classes, journals, help"),
        "aria-keyshortcuts": "Control+K /",
        "aria-haspopup": "dialog",
        "data-finder": versioned(SCRIPT),
        "data-style": versioned(STYLE),
        "data-lost": _("No connection"),
        "data-testid": "open-search",
    }
