"""The style sheet of the kit."""

from __future__ import annotations

import reflex as rx

from ais_app.web.build import versioned


def kit_styles() -> rx.Component:
    """React puts it into the head, once, and shows what stands beside it when it has come."""
    return rx.el.link(rel="stylesheet", href=versioned("/css/kit.css"), custom_attrs={"precedence": "kit"})
