"""Birthdays of the class, a card of the home."""

from __future__ import annotations

import reflex as rx

from ais_app.birthdays.state import BirthdayItem, BirthdaysState
from ais_app.i18n import _
from ais_app.web.cards import listed


def birthdays() -> rx.Component:
    """A card with the birthdays of today and of the next two weeks; nothing for who leads no class."""

    def row(item: BirthdayItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(rx.el.b(item.name)), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
            rx.cond(item.today, rx.el.span(_("today"), class_name="badge info")),
        )

    return rx.cond(
        BirthdaysState.shown,
        rx.el.section(
            rx.el.div(rx.el.h2(_("Birthdays in the class")), class_name="hd"),
            listed(BirthdaysState.near, row, _("Nobody has a birthday in the next two weeks."), test_id="birthdays"),
            class_name="card tg",
        ),
    )
