"""The conditions of the list: from what each is chosen, and those that stand, each with its way out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.history.conditions import ConditionItem, OptionItem
from ais_app.history.state import OperationsState
from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.variables import length


def choices() -> rx.Component:
    state = OperationsState
    return rx.el.div(
        _day("first", _("From day")),
        _day("last", _("To day")),
        _choice("kind", _("Kind of operation"), _("All kinds"), state.kinds),
        rx.cond(state.wide, _choice("school_class", _("Class"), _("All classes"), state.classes)),
        rx.cond(length(state.students) > 0, _choice("person", _("Student"), _("All students"), state.students)),
        rx.cond(state.by_name, _choice("author", _("Author"), _("All authors"), state.authors)),
        class_name="chosen no-print",
        role="group",
        custom_attrs={"aria-label": _("Conditions")},
    )


def _day(name: str, label: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"by-{name}"),
        rx.el.input(
            type="date",
            id=f"by-{name}",
            value=OperationsState.asked[name],
            on_change=lambda value: OperationsState.choose({"name": name, "value": value}),
            class_name="input",
            custom_attrs={"data-testid": f"by-{name}"},
        ),
        class_name="field",
    )


def _choice(name: str, label: str, every: str, options: Any) -> rx.Component:
    def option(item: OptionItem) -> rx.Component:
        return rx.el.option(item.label, value=item.value)

    return rx.el.div(
        rx.el.label(label, html_for=f"by-{name}"),
        rx.el.select(
            rx.el.option(every, value=""),
            rx.foreach(options, option),
            id=f"by-{name}",
            value=OperationsState.asked[name],
            on_change=lambda value: OperationsState.choose({"name": name, "value": value}),
            class_name="select",
            custom_attrs={"data-testid": f"by-{name}"},
        ),
        class_name="field",
    )


def standing() -> rx.Component:
    """The conditions that stand, as the address says them."""

    def condition(item: ConditionItem) -> rx.Component:
        return rx.el.span(
            rx.el.span(rx.el.span(item.label, class_name="muted"), " ", item.value, class_name="o-said"),
            rx.el.button(
                icon("close"),
                type="button",
                on_click=OperationsState.choose({"name": item.name, "value": ""}),
                custom_attrs={
                    "aria-label": _("Take the condition away:") + " " + item.label,
                    "data-testid": "without-" + item.name,
                },
            ),
            class_name="fchip",
        )

    return rx.cond(
        length(OperationsState.standing) > 0,
        rx.el.div(
            rx.foreach(OperationsState.standing, condition),
            rx.el.button(
                _("Take all away"),
                type="button",
                on_click=OperationsState.forget_conditions,
                class_name="btn sm ghost",
                custom_attrs={"data-testid": "without-conditions"},
            ),
            class_name="fchips no-print",
            role="group",
            custom_attrs={"aria-label": _("Conditions that stand"), "data-testid": "standing"},
        ),
    )
