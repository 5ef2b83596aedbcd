"""The switch between the children of a family, the same on every page that shows one of them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.views import ChildItem
from ais_app.i18n import _


def children_switch(state: Any) -> rx.Component:
    """A button for each child, nothing where there is only one. `state`: one with `children` and `choose_child`."""

    def child(item: ChildItem) -> rx.Component:
        return rx.el.button(
            rx.el.span(item.initials, class_name="ava", custom_attrs={"aria-hidden": "true"}),
            item.name,
            rx.el.small(item.class_name),
            on_click=state.choose_child({"child": item.uid}),
            class_name="kid",
            custom_attrs={"aria-pressed": rx.cond(item.current, "true", "false"), "data-testid": "child-" + item.uid},
        )

    return rx.cond(
        state.children.length() > 1,
        rx.el.div(
            rx.foreach(state.children, child),
            class_name="kids",
            role="group",
            custom_attrs={"aria-label": _("Child")},
        ),
    )
