"""The head of every printed sheet. The number of the sheet is set by the style (`@page` in components.css)."""

from __future__ import annotations

from typing import Any

import reflex as rx


def head(title: Any, name: Any, school: Any, term: Any) -> rx.Component:
    """Title, of whom or what, school and term; it is repeated on each sheet.

    The element around it has the class `printed`, and the content is one element after the head.
    """
    return rx.el.div(
        rx.el.div(
            rx.el.p(rx.el.span(title), rx.el.b(name)),
            rx.el.p(rx.el.b(school), rx.el.span(term)),
            class_name="print-line",
        ),
        class_name="print-head",
        custom_attrs={"data-testid": "print-head"},
    )
