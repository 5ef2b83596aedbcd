"""The style sheet of the kit."""

from __future__ import annotations

import reflex as rx

from ais_app.web.page_styles import page_styles


def kit_styles(*more: str) -> rx.Component:
    """With those of the page's own that come after it."""
    return page_styles("kit", *more)
