"""The button that opens the search; `assets/js/opener.js` fetches the dialog when it is wanted."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.help.search_button import attributes
from ais_app.web.icons import icon


def search_button(_shell: Any) -> rx.Component:
    """The glass of the top bar."""
    shown = attributes()
    return rx.el.button(
        icon("search"),
        type="button",
        class_name="btn ghost icon no-print",
        title=shown.pop("title"),
        custom_attrs=shown,
    )
