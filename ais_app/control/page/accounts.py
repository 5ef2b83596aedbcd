"""The accounts, on the home of an administrator."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.control.state import AccountsState, TaskItem
from ais_app.i18n import _
from ais_app.web.cards import command_of, long_list
from ais_app.web.icons import icon


def accounts() -> rx.Component:
    """What to look at, and sums over the accounts."""
    return rx.cond(AccountsState.shown, rx.el.div(_tasks(), _sums(), class_name="lay"))


def _tasks() -> rx.Component:
    def task(item: TaskItem) -> rx.Component:
        return rx.el.li(
            rx.el.span(icon("key"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
            rx.el.div(
                rx.el.p(rx.el.b(item.title)),
                rx.el.p(item.about, class_name="sm muted"),
                rx.cond(
                    item.command != "",
                    rx.el.p(_("New slips, on the server: "), command_of(item.command), class_name="xs muted"),
                ),
                class_name="grow",
            ),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("To look at")), class_name="hd"),
        long_list(
            AccountsState.tasks,
            task,
            _("Everybody has signed in, and no role ends within two weeks."),
            "account-tasks",
        ),
        class_name="card tg",
    )


def _sums() -> rx.Component:
    def total(name: str, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(name), rx.el.dd(value))

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Accounts")), class_name="hd"),
        rx.el.dl(
            total(_("Accounts in all"), AccountsState.accounts),
            total(_("Never signed in"), AccountsState.never),
            total(_("Blocked"), AccountsState.blocked),
            total(_("Signed in now"), AccountsState.signed_in),
            class_name="tot bd",
        ),
        class_name="card",
        custom_attrs={"data-testid": "accounts"},
    )
