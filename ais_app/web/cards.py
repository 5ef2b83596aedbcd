"""Cards with a list: heading, items, or a sentence where there are none; rows of a table as cards on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from ais_app.web.variables import length


def counted(title: str, items: Any) -> rx.Component:
    """The heading of a card, with the number of its items."""
    return rx.el.div(rx.el.h2(title, " ", rx.el.span(length(items), class_name="dim count")), class_name="hd")


def listed(
    items: Any, item: Callable[..., rx.Component], nothing: Any, name: str = "tl", test_id: str = ""
) -> rx.Component:
    """The items of a card, each drawn by `item`, or the sentence `nothing`; `name` is the class of the list."""
    marks = {"data-testid": test_id} if test_id else {}
    return rx.cond(
        length(items) > 0,
        rx.el.ul(rx.foreach(items, item), class_name=name, custom_attrs=marks),
        rx.el.p(nothing, class_name="bd muted"),
    )


def phone_heading(text: str) -> rx.Component:
    """The heading of a column before its value, for a table `as-cards`: a phone shows each row as a card."""
    return rx.el.span(text, ": ", class_name="only-phone dim")
