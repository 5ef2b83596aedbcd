"""Tabs over panels of one page; which is chosen is kept in the address by the page's state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from ais_app.web.kit.keys import keys


def tabs(
    label: str,
    options: Sequence[tuple[str, Any, rx.Component]],
    current: Any,
    on_choose: Callable[[str], Any],
    name: str = "tab",
) -> rx.Component:
    """`options`: (value, words, panel). `current`: the variable of the value; `on_choose` gives the event of a value.

    `name` begins the ids; one page may have several.
    """

    def tab(value: str, words: Any) -> rx.Component:
        return rx.el.button(
            words,
            type="button",
            role="tab",
            on_click=on_choose(value),
            tab_index=rx.cond(current == value, 0, -1),
            custom_attrs={
                "id": f"{name}-{value}",
                "aria-selected": rx.cond(current == value, "true", "false"),
                "aria-controls": f"{name}-panel-{value}",
                "data-testid": f"{name}-{value}",
            },
        )

    def panel(value: str, content: rx.Component) -> rx.Component:
        return rx.el.div(
            rx.cond(current == value, content),
            role="tabpanel",
            tab_index=0,
            hidden=current != value,
            custom_attrs={"id": f"{name}-panel-{value}", "aria-labelledby": f"{name}-{value}"},
        )

    return rx.fragment(
        keys(),
        rx.el.div(
            *[tab(value, words) for value, words, _panel in options],
            role="tablist",
            class_name="ktabs no-print",
            custom_attrs={"aria-label": label},
        ),
        *[panel(value, content) for value, _words, content in options],
    )
