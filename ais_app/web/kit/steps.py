"""The head of a wizard: which steps are done, where one is, which are locked as yet; the step is in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from ais_app.i18n import _
from ais_app.web.icons import icon


@dataclass(frozen=True, slots=True)
class StepItem:
    """`key` is its value in the address; `about`: a few words beneath it, such as «25 classes»."""

    key: str
    label: str
    stage: Literal["done", "current", "open", "locked"]
    number: int
    about: str = ""


def steps(label: str, items: Any, go: Any) -> rx.Component:
    """`items`: a variable, a list of `StepItem`; `go` is called with {"name": "step", "value": key}."""

    def step(item: StepItem) -> rx.Component:
        mark = rx.el.span(
            rx.cond(item.stage == "done", icon("check"), item.number),
            class_name="kno",
            custom_attrs={"aria-hidden": "true"},
        )
        words = rx.el.span(
            item.label,
            rx.cond(item.about != "", rx.el.small(item.about)),
            rx.cond(item.stage == "done", rx.el.span(", ", _("done"), class_name="vh")),
            rx.cond(item.stage == "locked", rx.el.span(", ", _("not yet open"), class_name="vh")),
        )
        return rx.el.li(
            rx.el.button(
                mark,
                words,
                type="button",
                on_click=go({"name": "step", "value": item.key}),
                disabled=item.stage == "locked",
                custom_attrs={
                    "aria-current": rx.cond(item.stage == "current", "step", None),
                    "data-testid": "step-" + item.key,
                },
            ),
            class_name=item.stage,
            key=item.key,
        )

    return rx.el.nav(
        rx.el.ol(rx.foreach(items, step), class_name="ksteps"),
        class_name="no-print",
        custom_attrs={"aria-label": label},
    )
