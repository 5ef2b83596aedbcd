"""Icons: one stroke, drawn for this product; always beside a word, hidden from assistive technology."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.build import versioned
from ais_app.web.icon_paths import PATHS
from ais_app.web.variables import one_of


def icon(name: str) -> rx.Component:
    """A decorative icon, by its name in `icon_paths.PATHS`."""
    return rx.el.svg(
        rx.el.path(d=PATHS[name]), class_name="i", view_box="0 0 24 24", custom_attrs={"aria-hidden": "true"}
    )


def icon_of(name: Any) -> rx.Component:
    """An icon whose name comes from a variable."""
    return one_of(name, *[(known, icon(known)) for known in PATHS], rx.fragment())


def logo() -> rx.Component:
    return rx.el.img(src=versioned("/favicon.svg"), alt="", custom_attrs={"width": "34", "height": "34"})
