"""The home of the staff: who is here, where to go, and the safety of the own account."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.school.frame import framed
from ais_app.school.state import HomeState, SessionItem, ShellState
from ais_app.web.icons import icon_of
from ais_app.web.shell import MenuItem, empty, loading, post


def home_page(*of_the_day: rx.Component, title: rx.Component, waiting: rx.Component) -> rx.Component:
    """`/`; what the day brings, what it is called and how much of it is `waiting` comes from the rooms above."""
    return framed(
        rx.el.div(
            rx.el.div(
                rx.el.div(rx.el.h1(title), rx.el.p(HomeState.today, waiting)),
                class_name="pagehead",
            ),
            rx.cond(
                HomeState.today == "",
                loading(_("The page is being opened")),
                rx.fragment(*of_the_day, rx.cond(HomeState.quiet, _nothing_of_the_day()), _account()),
            ),
            class_name="page",
        ),
    )


def _nothing_of_the_day() -> rx.Component:
    """For a role whose day the product does not fill: where it may go, or plainly that it is not here yet."""

    def section(item: MenuItem) -> rx.Component:
        return rx.el.a(rx.el.h2(icon_of(item.icon), item.label, class_name="row"), href=item.href, class_name="card")

    return rx.cond(
        ShellState.menu.length() > 1,
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


def _account() -> rx.Component:
    """The safety of the own account: where it is signed in."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(_("Your account")), rx.el.span(HomeState.last_login, class_name="sm muted"), class_name="hd"
        ),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Signed in"), scope="col"),
                    rx.el.th(_("Last seen"), scope="col"),
                    rx.el.th(_("Device"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(HomeState.sessions, _session)),
            class_name="tbl sessions",
            custom_attrs={"data-testid": "sessions"},
        ),
        rx.cond(
            HomeState.sessions.length() > 1,
            rx.el.div(
                post("/sessions/end-others", _("Sign out everywhere else"), test_id="end-others", look="btn sm"),
                class_name="bd more",
            ),
        ),
        class_name="card",
    )


def _session(line: SessionItem) -> rx.Component:
    return rx.el.tr(
        rx.el.td(line.since),
        rx.el.td(line.seen),
        rx.el.td(line.device, " ", rx.cond(line.this, rx.el.span(_("this one"), class_name="badge ok"))),
    )
