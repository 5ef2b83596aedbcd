"""The home of the staff."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.school import home
from ais_app.school.page_frame import in_page_frame
from ais_app.school.state import HomeState, ShellState
from ais_app.web.icons import icon_of
from ais_app.web.shell import MenuItem, empty, loading
from ais_app.web.variables import length


def home_page() -> rx.Component:
    """`/`: its parts, its title and how much is waiting come from the rooms above."""
    return in_page_frame(
        rx.el.div(
            rx.el.div(
                rx.el.div(rx.el.h1(home.title()), rx.el.p(HomeState.today, home.waiting())),
                class_name="pagehead",
            ),
            rx.cond(
                HomeState.today == "",
                loading(_("The page is being opened")),
                rx.fragment(*home.parts(), rx.cond(HomeState.quiet, _nothing_of_the_day())),
            ),
            class_name="page",
        ),
    )


def _nothing_of_the_day() -> rx.Component:
    """For a role for which no room shows anything: the pages that it may open, or that there are none yet."""

    def section(item: MenuItem) -> rx.Component:
        return rx.el.a(rx.el.h2(icon_of(item.icon), item.label, class_name="row"), href=item.href, class_name="card")

    return rx.cond(
        length(ShellState.menu) > 1,
        rx.fragment(
            rx.el.section(
                empty(_("Nothing is waiting for you today"), _("The sections below are open to you."), sign="today"),
                class_name="card",
            ),
            rx.el.div(
                rx.foreach(ShellState.menu, lambda item: rx.cond(item.current, rx.fragment(), section(item))),
                class_name="cards",
            ),
        ),
        rx.el.section(
            empty(
                _("There is no work for this role here yet"),
                _(
                    "This version has no pages of its own for it. Password, colours and signing out are at the top right."
                ),
                sign="today",
            ),
            class_name="card",
        ),
    )
