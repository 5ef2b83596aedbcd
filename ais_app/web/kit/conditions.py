"""Conditions of a list: from what each is chosen, those that stand, chips with counts, the pages of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.web.icons import icon
from ais_app.web.kit.options import ChipItem, ConditionItem, OptionItem
from ais_app.web.shell import NativeForm
from ais_app.web.variables import length


def choices(*fields: rx.Component) -> rx.Component:
    """The row of the fields from which conditions are chosen."""
    return rx.el.div(*fields, class_name="chosen no-print", role="group", custom_attrs={"aria-label": _("Conditions")})


def choice(name: str, label: str, every: str, options: Any, asked: Any, choose: Any) -> rx.Component:
    """A list of `OptionItem`; `every` stands for no condition. `choose` is called with {"name", "value"}."""

    def option(item: OptionItem) -> rx.Component:
        return rx.el.option(item.label, value=item.value)

    return rx.el.div(
        rx.el.label(label, html_for=f"by-{name}"),
        rx.el.select(
            rx.el.option(every, value=""),
            rx.foreach(options, option),
            id=f"by-{name}",
            value=asked[name],
            on_change=lambda value: choose({"name": name, "value": value}),
            class_name="select",
            custom_attrs={"data-testid": f"by-{name}"},
        ),
        class_name="field",
    )


def day(name: str, label: str, asked: Any, choose: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"by-{name}"),
        rx.el.input(
            type="date",
            id=f"by-{name}",
            value=asked[name],
            on_change=lambda value: choose({"name": name, "value": value}),
            class_name="input",
            custom_attrs={"data-testid": f"by-{name}"},
        ),
        class_name="field",
    )


def standing(items: Any, choose: Any, forget: Any) -> rx.Component:
    """The conditions that stand, as the address says them: each with its way out, and one for all."""

    def condition(item: ConditionItem) -> rx.Component:
        return rx.el.span(
            rx.el.span(rx.el.span(item.label, class_name="muted"), " ", item.value, class_name="o-said"),
            rx.el.button(
                icon("close"),
                type="button",
                on_click=choose({"name": item.name, "value": ""}),
                custom_attrs={
                    "aria-label": _("Take the condition away:") + " " + item.label,
                    "data-testid": "without-" + item.name,
                },
            ),
            class_name="fchip",
        )

    return rx.cond(
        length(items) > 0,
        rx.el.div(
            rx.foreach(items, condition),
            rx.el.button(
                _("Take all away"),
                type="button",
                on_click=forget,
                class_name="btn sm ghost",
                custom_attrs={"data-testid": "without-conditions"},
            ),
            class_name="fchips no-print",
            role="group",
            custom_attrs={"aria-label": _("Conditions that stand"), "data-testid": "standing"},
        ),
    )


def chips(label: str, name: str, items: Any, current: Any, choose: Any) -> rx.Component:
    """Parts of a list with their counts; one is pressed. On a phone they scroll sideways."""

    def chip(item: ChipItem) -> rx.Component:
        return rx.el.button(
            item.label,
            " ",
            rx.el.span(item.count, class_name="n"),
            type="button",
            on_click=choose({"name": name, "value": item.value}),
            class_name="kchip",
            key=item.value,
            custom_attrs={
                "aria-pressed": rx.cond(current == item.value, "true", "false"),
                "data-testid": rx.cond(item.value == "", f"{name}-all", f"{name}-" + item.value),
            },
        )

    return rx.el.div(
        rx.foreach(items, chip),
        class_name="kchips no-print",
        role="group",
        custom_attrs={"aria-label": label, "data-testid": f"{name}-chips"},
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """A way to another page of a list: words, icon, the variable that is "" where there is no such page, its event."""

    label: str
    sign: str
    there: Any
    event: Any
    test_id: str


def turns(turns: Sequence[Turn], said: Any = "") -> rx.Component:
    """The ways to other pages; `said`: which rows are seen, of how many."""

    def turn(to: Turn) -> rx.Component:
        return rx.cond(
            to.there != "",
            rx.el.button(
                icon(to.sign),
                to.label,
                type="button",
                on_click=to.event,
                class_name="btn",
                custom_attrs={"data-testid": to.test_id},
            ),
            rx.el.span(),
        )

    first, *others = turns
    there = first.there != ""
    for one in others:
        there = there | (one.there != "")
    middle = [rx.el.span(said, class_name="sm muted")] if not isinstance(said, str) or said else []
    return rx.cond(
        there,
        rx.el.nav(
            turn(first),
            *middle,
            *[turn(one) for one in others],
            class_name="bd row between no-print",
            custom_attrs={"aria-label": _("Pages of the list")},
        ),
    )


def numbered_turns(page: Any, choose: Any, test_id: str) -> rx.Component:
    """The pages beside a numbered one; `page`: a variable with an `access.list_address.ListPage`."""
    said = rx.fragment(page.first, "–", page.last, " ", p_("list", "of"), " ", page.total)
    return turns(
        (
            Turn(
                p_("list", "Back"),
                "left",
                page.before,
                choose({"name": "page", "value": page.before}),
                f"back-{test_id}",
            ),
            Turn(p_("list", "On"), "right", page.after, choose({"name": "page", "value": page.after}), f"on-{test_id}"),
        ),
        said,
    )


def export_button(label: str, address: Any, test_id: str) -> rx.Component:
    """A button that posts to the `address` of the same conditions, for an export that is recorded."""
    return NativeForm.create(
        rx.el.button(*_download(label), type="submit", class_name="btn", custom_attrs={"data-testid": test_id}),
        action=address,
        method="post",
    )


def export_link(label: str, address: Any, test_id: str) -> rx.Component:
    """A link to the list as a file, by the `address` of the same conditions."""
    return rx.el.a(
        *_download(label),
        href=address,
        download=True,
        class_name="btn no-print",
        custom_attrs={"reloadDocument": True, "data-testid": test_id},  # a request, not a page of the bundle
    )


def _download(label: str) -> tuple[rx.Component, rx.Component]:
    return icon("download"), rx.el.span(label)
