"""The way from a row to its history (`ais_app/history/`)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.icons import icon


def history_link(label: str, address: Any, test_id: str) -> rx.Component:
    return rx.el.a(
        icon("clock"), label, href=address, class_name="btn sm ghost no-print", custom_attrs={"data-testid": test_id}
    )
