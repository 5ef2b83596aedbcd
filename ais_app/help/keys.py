"""The keys of the search, which every page has; those of the grid stand in `journal/grid/table/labels.py`."""

from __future__ import annotations

from ais_app.i18n import _, p_

OPENS = (["Ctrl", "K"], ["/"])


def search_keys() -> list[tuple[list[str], str]]:
    """The keys within the dialog of the search, in the order of its foot."""
    return [
        (["↑", "↓"], _("choose")),
        (["Enter"], p_("search", "open")),
        (["Ctrl", "Enter"], _("in a new tab")),
        (["Tab"], _("other section")),
        (["Esc"], p_("search", "close")),
    ]


def page_keys() -> list[tuple[list[str], str]]:
    """The keys that open the search from a page."""
    first, second = OPENS
    return [(first, _("search, from everywhere")), (second, _("search, outside of fields"))]
