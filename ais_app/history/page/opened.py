"""An opened operation: who, when, why, and each field that it changed, with the way to the history of its row."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.history.state import OperationsState
from ais_app.history.views import ChangeItem
from ais_app.i18n import _
from ais_app.journal.grid.chips import small_chip_class
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.web.cards import phone_heading
from ais_app.web.forms import field, kept_form
from ais_app.web.icons import icon
from ais_app.web.variables import length


def opened() -> rx.Component:
    one = OperationsState.opened
    return rx.el.div(
        rx.el.dl(
            _fact(_("Who"), rx.el.b(one.who), rx.cond(one.role != one.who, rx.el.span(one.role, class_name="muted"))),
            _fact(_("When"), one.moment, rx.el.span("№ ", one.number, class_name="muted")),
            _fact(_("Reason"), rx.cond(one.reason != "", one.reason, rx.el.span(_("was not given"), class_name="dim"))),
            class_name="o-facts",
        ),
        rx.cond(length(one.changes) > 0, _changes(), rx.el.p(_("It changed no row."), class_name="sm muted")),
        rx.cond(
            one.more != "",
            rx.el.p(
                one.more,
                " ",
                rx.el.button(
                    _("Show everything"),
                    type="button",
                    on_click=OperationsState.show_all,
                    class_name="btn sm",
                    custom_attrs={"data-testid": "show-everything"},
                ),
                class_name="row wrap sm",
            ),
        ),
        rx.cond(one.undo.text != "", _undo()),
        rx.el.div(
            rx.cond(
                OperationsState.wide,
                rx.el.a(
                    icon("list"),
                    _("Everything of this author"),
                    href=one.author,
                    class_name="btn sm",
                    custom_attrs={"data-testid": "of-the-author"},
                ),
            ),
            rx.el.span(_("fingerprint"), " ", rx.el.span(one.hash, class_name="o-hash"), class_name="xs muted"),
            class_name="row wrap",
        ),
        class_name="o-open",
        custom_attrs={"data-testid": "opened-operation"},
    )


def _undo() -> rx.Component:
    """What undoing the operation would do, with a form for it; or the sentence why it is not possible."""
    one, question = OperationsState.opened, OperationsState.question
    return rx.cond(
        one.undo.offered,
        kept_form(
            "undo:" + one.uid,
            rx.el.input(type="hidden", name="operation", value=one.uid, read_only=True),
            rx.el.input(type="hidden", name="confirmed", value=question, read_only=True),
            rx.el.p(rx.cond(question != "", question, one.undo.text), class_name="sm", role="status"),
            rx.el.div(
                field(
                    _("Reason"),
                    rx.el.input(
                        name="reason",
                        max_length=LONGEST_REASON,
                        class_name="input",
                        # The id is set past Reflex, which would send the field once more under it.
                        custom_attrs={"id": "undo-reason", "data-testid": "undo-reason"},
                    ),
                    "undo-reason",
                    OperationsState.wrong,
                    "reason",
                ),
                rx.el.button(
                    icon("undo"),
                    rx.cond(question != "", _("Undo it all the same"), _("Undo it")),
                    type="submit",
                    class_name="btn",
                    custom_attrs={"data-testid": "undo"},
                ),
                class_name="pair",
            ),
            on_submit=OperationsState.undo,
            no_validate=True,
            key=one.uid,
            class_name="stack o-undo",
        ),
        rx.el.p(one.undo.text, class_name="sm muted", custom_attrs={"data-testid": "no-undo"}),
    )


def _fact(label: str, *value: Any) -> rx.Component:
    lines = [rx.el.span(one) for one in value]
    return rx.el.div(rx.el.dt(label), rx.el.dd(*lines))


def _changes() -> rx.Component:
    heads = (_("Row"), _("What"), _("Was"), _("Became"))
    return rx.el.table(
        rx.el.thead(rx.el.tr(*[rx.el.th(one, scope="col") for one in heads])),
        rx.el.tbody(rx.foreach(OperationsState.opened.changes, _change)),
        class_name="o-values",
        custom_attrs={"data-testid": "changes"},
    )


def _change(item: ChangeItem) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.cond(
                item.history != "",
                rx.fragment(
                    rx.el.span(item.row),
                    rx.cond(item.place != "", rx.el.small(item.place)),
                    " ",
                    rx.el.a(
                        icon("clock"),
                        _("History"),
                        href=item.history,
                        class_name="o-past",
                        custom_attrs={"aria-label": _("History:") + " " + item.row, "data-testid": "row-history"},
                    ),
                ),
            ),
            class_name=rx.cond(item.history != "", "o-row", "o-row none"),
        ),
        rx.el.td(item.label, class_name="o-field"),
        _side(_("Was"), item.label, item.before, item.cell, "o-was"),
        _side(_("Became"), item.label, item.after, item.cell),
        class_name=rx.cond(item.history != "", "first", ""),
    )


def _side(heading: str, label: Any, text: Any, cell: Any, name: str = "") -> rx.Component:
    """A value under its heading; nothing where the operation only names the row."""
    return rx.el.td(rx.cond(label != "", rx.fragment(phone_heading(heading), _value(text, cell))), class_name=name)


def _value(text: Any, cell: Any) -> rx.Component:
    return rx.cond(
        (text == "") | (text == "—"),
        rx.el.span("—", class_name="dim"),
        rx.cond(cell, rx.el.span(text, class_name=small_chip_class(text)), rx.el.span(text, class_name="o-value")),
    )
