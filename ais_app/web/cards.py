"""Cards with a list: heading, items, or a sentence where there are none; rows of a table as cards on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.variables import length

SHOWN_FIRST = 8


def counted(title: str, items: Any) -> rx.Component:
    """The heading of a card, with the number of its items."""
    return heading(title, length(items))


def heading(title: str, count: Any) -> rx.Component:
    """The heading of a card of `count` things."""
    return rx.el.div(rx.el.h2(title, " ", rx.el.span(count, class_name="dim count")), class_name="hd")


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


def long_list(items: Any, item: Callable[..., rx.Component], nothing: Any, test_id: str) -> rx.Component:
    """`listed` for what may be long: the first `SHOWN_FIRST`, and a button that says how many there are in all."""
    rest = rx.el.details(
        rx.el.summary(
            rx.el.span(_("Show all:"), " ", length(items), class_name="closed"),
            rx.el.span(_("Show the first only"), class_name="opened"),
            custom_attrs={"data-testid": test_id + "-rest"},
        ),
        rx.el.ul(rx.foreach(items[SHOWN_FIRST:], item), class_name="tl"),
        class_name="rest",
    )
    return rx.cond(
        length(items) > 0,
        rx.el.div(
            rx.el.ul(rx.foreach(items[:SHOWN_FIRST], item), class_name="tl"),
            rx.cond(length(items) > SHOWN_FIRST, rest),
            custom_attrs={"data-testid": test_id},
        ),
        rx.el.p(nothing, class_name="bd muted"),
    )


def phone_heading(text: str) -> rx.Component:
    """The heading of a column before its value, for a table `as-cards`: a phone shows each row as a card."""
    return rx.el.span(text, ": ", class_name="only-phone dim")


def command(words: str) -> rx.Component:
    """A command for the terminal, broken between its words only: «--class» is one."""
    return rx.el.code(*(rx.fragment(rx.el.span(word, class_name="nowrap"), " ") for word in words.split(" ")))


def command_of(words: Any) -> rx.Component:
    """`command` of a variable."""
    return rx.el.code(
        rx.foreach(words.split(" "), lambda word: rx.fragment(rx.el.span(word, class_name="nowrap"), " "))
    )
