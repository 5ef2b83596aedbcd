"""What the check of a set says: what would change, what was found, and the options with which it is checked again."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.exchange.state import ExchangeState
from ais_app.exchange.views import CountItem, FoundItem
from ais_app.i18n import _
from ais_app.jobs.rules import State
from ais_app.web.icons import icon
from ais_app.web.kit.table import Column, Listed, table
from ais_app.web.variables import length


def counts() -> rx.Component:
    def count(item: CountItem) -> rx.Component:
        return rx.el.li(rx.el.div(rx.el.b(item.title), rx.el.p(item.text, class_name="sm"), class_name="grow"))

    return rx.cond(
        length(ExchangeState.counts) > 0,
        rx.el.ul(rx.foreach(ExchangeState.counts, count), class_name="tl", custom_attrs={"data-testid": "counts"}),
    )


def found() -> rx.Component:
    columns = [
        _column("text", _("What was found"), lambda item: rx.fragment(_sort(item), " ", item.text)),
        _column("file", _("File"), lambda item: item.file),
        _column("row", _("Row"), lambda item: item.row),
        _column("column", _("Column"), lambda item: item.column),
    ]
    rows = table(
        _("What was found"),
        columns,
        ExchangeState.found,
        Listed(asked=None, choose=None),
        lambda item: item.file + item.row + item.column + item.text,
        "found",
    )
    return rx.cond(length(ExchangeState.found) > 0, rows)


def _column(name: str, label: str, cell: Any) -> Column:
    return Column(name, label, cell, sorts=False, may_hide=False, wide=name == "text")


def _sort(item: FoundItem) -> rx.Component:
    return rx.cond(
        item.sort == "problem",
        rx.el.span(icon("alert"), _("problem"), class_name="badge danger"),
        rx.el.span(_("note"), class_name="badge"),
    )


def options() -> rx.Component:
    """Into which school year; and what to do where the only thing against a set is how much it ends."""
    state = ExchangeState
    over = (state.check.state == State.DONE) | (state.check.state == State.FAILED)
    return rx.cond(
        over,
        rx.el.div(
            rx.el.div(
                rx.el.label(_("School year"), html_for="set-year"),
                rx.el.select(
                    rx.foreach(state.years, lambda item: rx.el.option(item.label, value=item.value)),
                    value=state.year,
                    on_change=lambda year: state.check_again({"job": state.check.uid, "year": year, "ending": False}),
                    class_name="select",
                    custom_attrs={"id": "set-year", "data-testid": "set-year", "aria-describedby": "set-year-help"},
                ),
                rx.el.span(
                    _("Another choice checks the set again."), class_name="hint", custom_attrs={"id": "set-year-help"}
                ),
                class_name="field",
            ),
            rx.cond(state.ends, _ending()),
            rx.cond(state.homerooms > 0, _homerooms()),
            class_name="bd stack",
        ),
    )


def _ending() -> rx.Component:
    state = ExchangeState
    return rx.el.div(
        rx.el.p(
            icon("alert"),
            _(
                "The set would end more than half of what holds in the school. It may be cut short, or of another "
                "school. If it is meant so, allow it: the set is checked again."
            ),
            class_name="note warn",
        ),
        rx.el.button(
            _("Allow the ending and check again"),
            type="button",
            on_click=state.check_again({"job": state.check.uid, "year": state.year, "ending": True}),
            class_name="btn",
            custom_attrs={"data-testid": "allow-ending"},
        ),
        class_name="stack",
    )


def _homerooms() -> rx.Component:
    return rx.el.p(
        icon("alert"),
        _(
            "Names of classes in the set do not say which class they are. The administrator of the server answers once "
            "with the command"
        ),
        " ",
        rx.el.code("ais import oneroster SET.zip --dry-run --mapping questions.csv"),
        _(": it writes the questions into the file, the file with answers is given to the same command again."),
        class_name="note",
        custom_attrs={"data-testid": "homerooms"},
    )
