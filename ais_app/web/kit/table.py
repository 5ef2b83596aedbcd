"""A table of small views: sorted by its headings, with columns to choose from; on a phone each row is a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.web.dropdown import dropdown
from ais_app.web.icons import icon
from ais_app.web.kit.keys import keys


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the address, its heading, and `cell`, which draws the value of a row.

    `sorts`: its heading orders the table; `falls`: the first press orders from the largest. `may_hide`: one may choose
    not to see it. `wide`: on a phone it takes the whole width of the card; `bare`: there it has no heading.
    """

    name: str
    label: str
    cell: Callable[[Any], Any]
    sorts: bool = True
    falls: bool = False
    may_hide: bool = True
    kind: Literal["", "num", "act"] = ""
    wide: bool = True
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """What a table needs of its state: `asked` (a variable, `access.list_address.ListAddress` as texts) and its event.

    `choose` is called with {"name", "value"}; `usual`: the order where the address names none, such as "-debts".
    """

    asked: Any
    choose: Any
    usual: str = ""

    @property
    def order(self) -> Any:
        return rx.cond(self.asked["sort"] == "", self.usual, self.asked["sort"])


def table(
    label: str, columns: Sequence[Column], rows: Any, listed: Listed, key: Callable[[Any], Any], test_id: str
) -> rx.Component:
    """`rows`: a variable, one page of views; `key` identifies one. The first column holds what opens the row.

    What opens it has `OPENS_ROW`: ↑ and ↓ go from one to the next.
    """

    def row(item: Any) -> rx.Component:
        cells = [_seen(column, listed, _cell(column, item, first=column is columns[0])) for column in columns]
        return rx.el.tr(*cells, key=key(item))

    return rx.fragment(
        keys(),
        rx.el.table(
            rx.el.caption(label, class_name="vh"),
            rx.el.thead(rx.el.tr(*[_seen(column, listed, _heading(column, listed)) for column in columns])),
            rx.el.tbody(rx.foreach(rows, row)),
            class_name="tbl kt",
            custom_attrs={"data-testid": test_id, "data-rows": "true"},
        ),
    )


OPENS_ROW = {"data-row": "true"}


def _seen(column: Column, listed: Listed, component: rx.Component) -> rx.Component:
    return rx.cond(is_hidden(column, listed), rx.fragment(), component) if column.may_hide else component


def is_hidden(column: Column, listed: Listed) -> Any:
    return ("," + listed.asked["hide"].to(str) + ",").contains(f",{column.name},")


def _heading(column: Column, listed: Listed) -> rx.Component:
    if not column.sorts:
        hidden = rx.el.span(column.label, class_name="vh") if column.kind == "act" else column.label
        return rx.el.th(hidden, scope="col", class_name=column.kind)
    rising, falling = column.name, f"-{column.name}"
    first, second = (falling, rising) if column.falls else (rising, falling)
    return rx.el.th(
        rx.el.button(
            column.label,
            type="button",
            on_click=listed.choose({"name": "sort", "value": rx.cond(listed.order == first, second, first)}),
            custom_attrs={"data-testid": f"sort-{column.name}"},
        ),
        scope="col",
        class_name=column.kind,
        custom_attrs={
            "aria-sort": rx.cond(
                listed.order == rising, "ascending", rx.cond(listed.order == falling, "descending", None)
            )
        },
    )


def _cell(column: Column, item: Any, *, first: bool) -> rx.Component:
    names = " ".join(filter(None, (column.kind, "kt-head" if first else "", "kt-wide" if column.wide else "")))
    labelled = not (first or column.bare or column.kind == "act")
    return rx.el.td(
        column.cell(item), class_name=names, custom_attrs={"data-label": f"{column.label}: "} if labelled else {}
    )


def order_choice(columns: Sequence[Column], listed: Listed, others: Sequence[tuple[str, str]] = ()) -> rx.Component:
    """The order of the table as a list, for a phone, where there are no headings. `others`: (order, words) first."""
    orders = [*others]
    known = {order for order, _words in others}
    for column in columns:
        if column.sorts:
            order = f"-{column.name}" if column.falls else column.name
            orders += [] if order in known else [(order, column.label)]
    return rx.el.select(
        *[rx.el.option(words, value=order) for order, words in orders],
        value=listed.order,
        on_change=lambda value: listed.choose({"name": "sort", "value": value}),
        class_name="select only-phone",
        custom_attrs={"aria-label": _("Order"), "data-testid": "order"},
    )


def columns_choice(columns: Sequence[Column], listed: Listed) -> rx.Component:
    """The menu of the columns that may be hidden."""

    def item(column: Column) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=~is_hidden(column, listed),
                on_change=lambda _shown: listed.choose({"name": "hide", "value": column.name}),
                custom_attrs={"data-testid": f"column-{column.name}"},
            ),
            rx.el.span(column.label),
            class_name="chk",
        )

    return dropdown(
        rx.el.summary(
            icon("gear"),
            rx.el.span(p_("table", "Columns")),
            class_name="btn",
            custom_attrs={"data-testid": "choose-columns"},
        ),
        rx.el.div(
            *[item(column) for column in columns if column.may_hide],
            class_name="pop",
            role="group",
            custom_attrs={"aria-label": _("Columns that are shown")},
        ),
        class_name="disp not-phone no-print",
    )
