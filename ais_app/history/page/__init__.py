"""`/operations`: conditions, the list by days, and in it the opened operation."""

from __future__ import annotations

import reflex as rx

from ais_app.history.page.chosen import conditions
from ais_app.history.page.opened import opened
from ais_app.history.state import OperationsState
from ais_app.history.views import OperationItem
from ais_app.i18n import _, p_
from ais_app.school.page_frame import in_page_frame
from ais_app.web.address import kept_in_address
from ais_app.web.icons import icon
from ais_app.web.kit.conditions import Turn, export_button, standing, turns
from ais_app.web.kit.keys import keys
from ais_app.web.kit.styles import kit_styles
from ais_app.web.kit.table import OPENS_ROW
from ais_app.web.shell import by_status, empty, failed
from ais_app.web.variables import length


def operations_page() -> rx.Component:
    state = OperationsState
    return in_page_frame(
        kit_styles("operations"),
        keys(),
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
                export_button(_("Export to CSV"), state.export, "export-operations"),
                class_name="pagehead",
            ),
            rx.cond(state.nameless, _nameless()),
            conditions(),
            standing(state.standing, state.choose, state.forget_conditions),
            by_status(
                state.status,
                rx.cond(length(state.rows) > 0, _list(), _nothing()),
                failed(_("The operations could not be shown"), state.open_page),
            ),
            class_name="page operations",
        ),
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
        custom_attrs={"aria-label": p_("page", "Operations"), "data-testid": "operations", "data-rows": "true"},
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
                **OPENS_ROW,
                "data-testid": "operation-" + item.uid,
            },
        ),
        rx.cond(is_open, opened()),
        key=item.uid,
    )


def _pages() -> rx.Component:
    state = OperationsState
    return turns(
        (
            Turn(_("Newer"), "left", state.newer, state.turn({"to": "newer"}), "newer-operations"),
            Turn(_("Older"), "right", state.older, state.turn({"to": "older"}), "older-operations"),
        )
    )
