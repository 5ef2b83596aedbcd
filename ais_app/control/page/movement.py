"""Admissions and departures, on the homes of the secretary and the administrator."""

from __future__ import annotations

import reflex as rx

from ais_app.control.state import MoveItem, MovementState, SizeItem
from ais_app.i18n import _
from ais_app.web.cards import command, long_list
from ais_app.web.icons import icon


def movement() -> rx.Component:
    """Moves of the weeks around today, and how many students each class has."""
    return rx.cond(
        MovementState.shown,
        rx.el.div(
            rx.el.div(rx.cond(MovementState.guided, _tasks()), _moves(), class_name="stack"), _sizes(), class_name="lay"
        ),
    )


def _tasks() -> rx.Component:
    """What whoever only looks after the lists can do: here, or by the command that the administrator gives."""

    def task(sign: str, title: str, about: str, *way: rx.Component) -> rx.Component:
        return rx.el.li(
            rx.el.span(icon(sign), class_name="bx", custom_attrs={"aria-hidden": "true"}),
            rx.el.div(rx.el.p(rx.el.b(title)), rx.el.p(about, class_name="sm muted"), *way, class_name="grow"),
        )

    def on_the_server(words: str) -> rx.Component:
        return rx.el.p(_("The administrator, on the server: "), command(words), class_name="xs muted")

    return rx.el.section(
        rx.el.div(rx.el.h2(_("What can be done")), class_name="hd"),
        rx.el.ul(
            task(
                "people",
                _("Compare the lists with the orders"),
                _("Who has come and gone, and how many students each class has, stands on this page."),
            ),
            task(
                "pen",
                _("Bring a new list of students"),
                _("The check names every defect by file, row and column, and writes nothing."),
                on_the_server("ais import oneroster LISTS.zip --dry-run"),
            ),
            task(
                "key",
                _("Have slips with first passwords printed"),
                _("For a class: its students and their families who have not chosen a password yet."),
                on_the_server("ais user code --class 7А --slips 7А.pdf"),
            ),
            rx.el.li(
                rx.el.span(icon("shield"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
                rx.el.div(
                    rx.el.p(rx.el.b(_("Look after your account"))),
                    rx.el.p(_("Where it is signed in, and its password."), class_name="sm muted"),
                    class_name="grow",
                ),
                rx.el.a(_("Open"), href="/account", class_name="btn sm"),
            ),
            class_name="tl",
            custom_attrs={"data-testid": "secretary-tasks"},
        ),
        class_name="card tg",
    )


def _moves() -> rx.Component:
    def move(item: MoveItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(rx.el.b(item.name)), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
            rx.cond(item.ahead, rx.el.span(_("ahead"), class_name="badge info")),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Admissions and departures")), class_name="hd"),
        long_list(
            MovementState.moves,
            move,
            _("Nobody has come or gone in two weeks, nor will in the next two."),
            "moves",
        ),
        rx.cond(
            ~MovementState.guided,
            rx.el.p(
                _("Lists are brought by the administrator: the school's data are loaded with the command of import."),
                class_name="bd sm muted more",
            ),
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
