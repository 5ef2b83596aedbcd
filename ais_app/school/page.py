"""The home of the staff: who is here, where to go, and the safety of the own account."""

from __future__ import annotations

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.i18n import _
from ais_app.school.state import HomeState, SessionItem, ShellState
from ais_app.web.icons import icon_of
from ais_app.web.shell import MenuItem, live_line, page, post


def home_page(*of_the_day: rx.Component, waiting: rx.Component) -> rx.Component:
    """`/`; what the day brings, and how much of it is `waiting`, comes from the rooms above."""

    def section(item: MenuItem) -> rx.Component:
        return rx.el.a(rx.el.h2(icon_of(item.icon), item.label, class_name="row"), href=item.href, class_name="card")

    return page(
        ShellState,
        rx.el.div(
            rx.el.div(
                rx.el.div(rx.el.h1(_("Today")), rx.el.p(HomeState.today, waiting)),
                class_name="pagehead",
            ),
            *of_the_day,
            rx.el.div(
                rx.foreach(ShellState.menu, lambda item: rx.cond(item.current, rx.fragment(), section(item))),
                class_name="cards ways",
            ),
            rx.el.section(
                rx.el.div(rx.el.h2(_("Your account")), class_name="hd"),
                rx.el.div(
                    rx.el.p(HomeState.last_login, class_name="muted"),
                    rx.el.table(
                        rx.el.thead(
                            rx.el.tr(
                                rx.el.th(_("Signed in"), scope="col"),
                                rx.el.th(_("Last seen"), scope="col"),
                                rx.el.th(_("Device"), scope="col"),
                            )
                        ),
                        rx.el.tbody(rx.foreach(HomeState.sessions, _session)),
                        class_name="tbl",
                        custom_attrs={"data-testid": "sessions"},
                    ),
                    rx.cond(
                        HomeState.sessions.length() > 1,
                        post("/sessions/end-others", _("Sign out everywhere else"), test_id="end-others"),
                    ),
                    class_name="bd stack",
                ),
                class_name="card",
            ),
            class_name="page",
        ),
        notice=live_line(NoticeState.notice),
    )


def _session(line: SessionItem) -> rx.Component:
    return rx.el.tr(
        rx.el.td(line.since),
        rx.el.td(line.seen),
        rx.el.td(line.device, " ", rx.cond(line.this, rx.el.span(_("this one"), class_name="badge ok"))),
    )
