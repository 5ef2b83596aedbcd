"""Admissions and departures, on the homes of the secretary and the administrator."""

from __future__ import annotations

import reflex as rx

from ais_app.control.state import MoveItem, MovementState, SizeItem
from ais_app.i18n import _
from ais_app.web.cards import listed


def movement() -> rx.Component:
    """Moves of the weeks around today, and how many students each class has."""
    return rx.cond(MovementState.shown, rx.el.div(_moves(), _sizes(), class_name="lay"))


def _moves() -> rx.Component:
    def move(item: MoveItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(rx.el.b(item.name)), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
            rx.cond(item.ahead, rx.el.span(_("ahead"), class_name="badge info")),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Admissions and departures")), class_name="hd"),
        listed(
            MovementState.moves,
            move,
            _("Nobody has come or gone in two weeks, nor will in the next two."),
            "tl long",
            "moves",
        ),
        rx.el.p(
            _("Lists are brought by the administrator: the school's data are loaded with the command of import."),
            class_name="bd sm muted more",
        ),
        class_name="card tg",
    )


def _sizes() -> rx.Component:
    def size(item: SizeItem) -> rx.Component:
        return rx.el.tr(rx.el.td(item.name), rx.el.td(item.students, class_name="num"))

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Classes")), rx.el.span(MovementState.sum, class_name="sm muted"), class_name="hd"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(rx.el.th(_("Class"), scope="col"), rx.el.th(_("Students"), scope="col", class_name="num"))
            ),
            rx.el.tbody(rx.foreach(MovementState.sizes, size)),
            class_name="tbl",
            custom_attrs={"data-testid": "class-sizes"},
        ),
        class_name="card",
    )
