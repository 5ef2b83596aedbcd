"""`/operations`: conditions, the list by days, and in it the opened operation."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.history.page.chosen import choices, standing
from ais_app.history.page.opened import opened
from ais_app.history.state import OperationsState
from ais_app.history.views import OperationItem
from ais_app.i18n import _, p_
from ais_app.school.page_frame import in_page_frame
from ais_app.web.address import kept_in_address
from ais_app.web.icons import icon
from ais_app.web.shell import NativeForm, by_status, empty, failed
from ais_app.web.variables import length


def operations_page() -> rx.Component:
    state = OperationsState
    return in_page_frame(
        kept_in_address(state.address),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(rx.cond(state.own, _("My entries"), p_("page", "Operations"))),
                    rx.el.p(
                        rx.cond(
                            state.own,
                            _("Everything that you have written: when, what was there and what came instead."),
                            _("Every change of the school's record: who, when, what was there and what came instead."),
                        )
                    ),
                ),
                _export(),
                class_name="pagehead",
            ),
            rx.cond(state.nameless, _nameless()),
            choices(),
            standing(),
            by_status(
                state.status,
                rx.cond(length(state.rows) > 0, _list(), _nothing()),
                failed(_("The operations could not be shown"), state.open_page),
            ),
            class_name="page operations",
        ),
    )


def _export() -> rx.Component:
    return NativeForm.create(
        rx.el.button(
            icon("download"),
            rx.el.span(_("Export to CSV")),
            type="submit",
            class_name="btn",
            custom_attrs={"data-testid": "export-operations"},
        ),
        action=OperationsState.export,
        method="post",
    )


def _nameless() -> rx.Component:
    return rx.el.p(
        icon("eye"),
        _(
            "Without names: a student has the same number in all rows. Names, reasons, comments and other texts are "
            "closed. What you look at here is recorded."
        ),
        class_name="note",
        custom_attrs={"data-testid": "nameless"},
    )


def _nothing() -> rx.Component:
    return rx.el.section(
        empty(
            _("There are no operations like that"),
            _("Take more days, or take one of the conditions away."),
            rx.cond(
                length(OperationsState.standing) > 0,
                rx.el.button(
                    _("Take all conditions away"), on_click=OperationsState.forget_conditions, class_name="btn"
                ),
            ),
            sign="list",
        ),
        class_name="card",
    )


def _list() -> rx.Component:
    return rx.el.section(
        rx.foreach(OperationsState.rows, _row),
        _pages(),
        class_name="card ops",
        custom_attrs={"aria-label": p_("page", "Operations"), "data-testid": "operations"},
    )


def _row(item: OperationItem) -> rx.Component:
    state, is_open = OperationsState, OperationsState.opened.uid == item.uid
    return rx.fragment(
        rx.cond(item.heading != "", rx.el.h2(item.heading, class_name=rx.cond(item.today, "o-day now", "o-day"))),
        rx.el.button(
            rx.el.span(item.time, class_name="o-at"),
            rx.el.span(item.who, class_name="o-by"),
            rx.el.span(item.kind, class_name="o-kind"),
            rx.el.span(
                rx.cond(
                    item.place != "", rx.el.span(item.place, rx.cond(item.text != "", " · ", ""), class_name="o-place")
                ),
                item.text,
                class_name="o-text",
            ),
            rx.el.span(rx.cond(item.reason, rx.el.span(_("with a reason"), class_name="badge")), class_name="o-why"),
            type="button",
            on_click=state.open_operation({"operation": item.uid}),
            class_name="op",
            custom_attrs={
                "aria-expanded": rx.cond(is_open, "true", "false"),
                "data-testid": "operation-" + item.uid,
            },
        ),
        rx.cond(is_open, opened()),
        key=item.uid,
    )


def _pages() -> rx.Component:
    def turn(to: str, sign: str, label: str, number: Any) -> rx.Component:
        return rx.cond(
            number != "",
            rx.el.button(
                icon(sign),
                label,
                on_click=OperationsState.turn({"to": to}),
                class_name="btn",
                custom_attrs={"data-testid": f"{to}-operations"},
            ),
        )

    state = OperationsState
    return rx.cond(
        (state.newer != "") | (state.older != ""),
        rx.el.nav(
            turn("newer", "left", _("Newer"), state.newer),
            turn("older", "right", _("Older"), state.older),
            class_name="bd row between",
            custom_attrs={"aria-label": _("Pages of the list")},
        ),
    )
