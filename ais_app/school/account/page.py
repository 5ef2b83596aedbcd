"""`/account`: the safety of the own account, reached from the person's menu on every page."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.school.account.state import AccountState, SessionItem, ZoneItem
from ais_app.school.page_frame import in_page_frame
from ais_app.school.state import ShellState
from ais_app.web.icons import icon
from ais_app.web.shell import loading, post
from ais_app.web.variables import length


def account_page() -> rx.Component:
    """The login, the open sessions and the button that ends the others, and the zone of a role without a school."""
    return in_page_frame(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(_("Your account")),
                    rx.el.p(  # who has no name of his own here is called by his role
                        rx.cond(ShellState.person != ShellState.role, ShellState.person + " · ", ""), ShellState.role
                    ),
                ),
                class_name="pagehead",
            ),
            rx.cond(
                AccountState.login == "",
                loading(_("The page is being opened")),
                rx.fragment(_secrets(), _sessions(), rx.cond(length(AccountState.zones) > 0, _zone())),
            ),
            _notices(),
            class_name="page",
        ),
    )


def _secrets() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(_("Signing in")), class_name="hd"),
        rx.el.div(
            rx.el.p(_("Login"), ": ", rx.el.b(AccountState.login, custom_attrs={"data-testid": "own-login"})),
            rx.el.a(icon("key"), _("Change the password"), href="/password", class_name="btn"),
            class_name="bd check",
        ),
        class_name="card narrow",
    )


def _sessions() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(_("Where you are signed in")),
            rx.el.span(AccountState.count, class_name="sm muted"),
            class_name="hd",
        ),
        rx.el.ul(
            rx.foreach(AccountState.sessions, _session),
            class_name="tl",
            custom_attrs={"data-testid": "sessions"},
        ),
        rx.cond(
            length(AccountState.sessions) > 1,
            rx.el.div(
                rx.el.p(
                    _("If you do not know one of them, sign out everywhere else and change the password."),
                    class_name="sm muted",
                ),
                post("/sessions/end-others", _("Sign out everywhere else"), test_id="end-others", class_name="btn"),
                class_name="bd more check",
            ),
        ),
        class_name="card narrow",
    )


def _session(item: SessionItem) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.b(item.device), " ", rx.cond(item.this, rx.el.span(_("this one"), class_name="badge ok"))),
            rx.el.p(item.place, class_name="sm muted"),
            rx.el.p(
                rx.cond(item.role != "", item.role + " · ", ""),
                _("signed in"),
                " ",
                item.since,
                " · ",
                _("last seen"),
                " ",
                item.seen,
                class_name="sm muted",
            ),
            class_name="grow",
        ),
    )


def _notices() -> rx.Component:
    """The link to the licences of other people's programs and fonts; the build makes the file."""
    return rx.el.p(
        rx.el.a(
            _("Licences of programs and fonts"),
            href="/notices.txt",
            class_name="btn ghost",
            custom_attrs={"data-testid": "notices"},
        ),
    )


def _zone() -> rx.Component:
    def option(item: ZoneItem) -> rx.Component:
        return rx.el.option(item.label, value=item.zone)

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Time")), class_name="hd"),
        rx.el.div(
            rx.el.div(
                rx.el.label(_("Times are shown in the zone"), html_for="zone"),
                rx.el.select(
                    rx.foreach(AccountState.zones, option),
                    id="zone",
                    value=AccountState.zone,
                    on_change=lambda zone: AccountState.choose_zone({"zone": zone}),
                    class_name="select",
                    custom_attrs={"data-testid": "zone"},
                ),
                rx.el.span(_("For roles without a school; a school's own times stay in its zone."), class_name="hint"),
                class_name="field",
            ),
            class_name="bd",
        ),
        class_name="card narrow",
    )
