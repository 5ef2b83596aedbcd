"""Style sheets: those of every page come first, then those that only some need (`Pages.styles` or `page_styles`)."""

from __future__ import annotations

import reflex as rx

from ais_app.web.build import versioned


def page_styles(*names: str) -> rx.Component:
    """Of a page, in this order, after those of every page."""
    return style_sheets("page", *names)


def style_sheets(group: str, *names: str) -> rx.Component:
    """React puts them into the head by groups, each once, and shows what stands beside them when they are there."""
    return rx.fragment(
        *[
            rx.el.link(rel="stylesheet", href=versioned(f"/css/{name}.css"), custom_attrs={"precedence": group})
            for name in names
        ]
    )
