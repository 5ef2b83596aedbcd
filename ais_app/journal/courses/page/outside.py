"""Entries outside of memberships on the home page: what they are, and the question before they are cleared."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.journal.courses.state import OutsideItem, OutsideState
from ais_app.web.cards import counted
from ais_app.web.icons import icon
from ais_app.web.shell import failed
from ais_app.web.variables import length


def outside() -> rx.Component:
    """Shown to those who may clear them, while there are any."""
    state = OutsideState
    return rx.cond(
        state.shown,
        rx.cond(
            state.status == "error",
            failed(_("Entries outside of memberships could not be shown"), OutsideState.open_part),
            rx.cond(length(state.lines) > 0, _list()),
        ),
    )


def _list() -> rx.Component:
    return rx.el.section(
        counted(_("Entries of days outside the membership"), OutsideState.lines),
        rx.el.p(
            _(
                "The transfer or leaving was dated back after these were entered. They count nowhere: not in means, "
                "absences or diaries."
            ),
            class_name="bd muted",
        ),
        rx.el.ul(rx.foreach(OutsideState.lines, _item), class_name="tl long"),
        class_name="card tg",
        custom_attrs={"data-testid": "outside"},
    )


def _item(item: OutsideItem) -> rx.Component:
    chosen = {"student": item.student, "place": item.place}
    asking = OutsideState.asking == item.key
    return rx.el.li(
        rx.el.span(icon("alert"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.p(rx.el.b(item.name), " ", rx.el.span(item.place_name, class_name="dim")),
            rx.el.p(item.about, class_name="sm muted"),
            rx.cond(item.stays != "", rx.el.p(item.stays, class_name="sm muted")),
            class_name="grow",
        ),
        rx.cond(
            item.count > 0,
            rx.el.button(
                _("Clear…"),
                on_click=OutsideState.ask(chosen),
                class_name="btn sm",
                custom_attrs={
                    "aria-expanded": rx.cond(asking, "true", "false"),
                    "data-testid": "clear-" + item.student,
                },
            ),
        ),
        rx.cond(asking, _question(item)),
    )


def _question(item: OutsideItem) -> rx.Component:
    chosen = {"student": item.student, "place": item.place}
    return rx.el.div(
        rx.el.p(item.question, class_name="grow"),
        rx.el.button(
            p_("entries", "Clear"),
            on_click=OutsideState.clear({**chosen, "count": item.count}),
            class_name="btn sm primary",
            custom_attrs={"data-testid": "clear-yes"},
        ),
        rx.el.button(_("Cancel"), on_click=OutsideState.ask(chosen), class_name="btn sm"),
        class_name="exc",
        role="group",
        custom_attrs={"data-testid": "clear-question"},
    )
