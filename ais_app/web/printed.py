"""What stands on every sheet of a printed page. Its number is the style's work (`@page` in components.css)."""

from __future__ import annotations

from typing import Any

import reflex as rx


def head(title: Any, name: Any, school: Any, term: Any) -> rx.Component:
    """What is printed, of whom or what; of which school and when. It repeats where the content around it breaks.

    The element around it has the class `printed`, and what is printed stands in one element after the head.
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
