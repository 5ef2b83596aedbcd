"""What control shows: sections of the home page, and the page of the ledger's integrity."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.control.state import AccountsState, ChainItem, GapItem, IntegrityState, KeepingItem, KeepingState
from ais_app.i18n import _
from ais_app.school.frame import framed
from ais_app.web.icons import icon
from ais_app.web.shell import by_status, failed


def keeping() -> rx.Component:
    """By teacher what is written down, and the lessons that are not: for the director and the deputies."""
    return rx.cond(
        KeepingState.shown,
        by_status(
            KeepingState.status,
            _keeping(),
            failed(_("What is written down could not be shown"), KeepingState.enter),
        ),
    )


def _keeping() -> rx.Component:
    def gap(item: GapItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(rx.el.b(item.title)), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
            rx.el.a(_("Open"), href=item.href, class_name="btn sm"),
        )

    return rx.el.div(
        rx.el.section(
            rx.el.div(rx.el.h2(_("Written down in the journals")), class_name="hd"),
            rx.el.p(KeepingState.sum, class_name="bd muted", custom_attrs={"data-testid": "keeping-sum"}),
            rx.cond(KeepingState.teachers.length() > 0, _teachers()),
            class_name="card",
        ),
        rx.el.section(
            rx.el.div(rx.el.h2(_("Lessons without topic or homework")), class_name="hd"),
            rx.cond(
                KeepingState.gaps.length() > 0,
                rx.el.ul(
                    rx.foreach(KeepingState.gaps, gap), class_name="tl long", custom_attrs={"data-testid": "gaps"}
                ),
                rx.el.p(
                    rx.cond(
                        KeepingState.teachers.length() > 0,
                        _("Everything held in the last seven days is written down."),
                        _("A lesson stands here from its last bell until it is written down."),
                    ),
                    class_name="bd muted",
                ),
            ),
            class_name="card tg",
        ),
        class_name="lay even",
    )


def _teachers() -> rx.Component:
    """A line for each teacher with lessons in the last days."""

    def teacher(line: KeepingItem) -> rx.Component:
        return rx.el.tr(
            rx.el.td(line.name),
            rx.el.td(line.today, class_name="num"),
            rx.el.td(line.week, class_name="num"),
            rx.el.td(
                rx.cond(
                    line.whole,
                    rx.el.span(icon("check"), rx.el.span(_("all written"), class_name="wd"), class_name="badge ok"),
                )
            ),
        )

    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Teacher"), scope="col"),
                    rx.el.th(_("Today"), scope="col", class_name="num"),
                    rx.el.th(_("Seven days"), scope="col", class_name="num"),
                    rx.el.th(rx.el.span(_("State"), class_name="wd"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(KeepingState.teachers, teacher)),
            class_name="tbl",
            custom_attrs={"data-testid": "keeping"},
        ),
        class_name="scroll",
    )


def accounts() -> rx.Component:
    """Sums over the accounts, for administrators."""

    def total(name: str, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(name), rx.el.dd(value))

    return rx.cond(
        AccountsState.shown,
        rx.el.section(
            rx.el.div(rx.el.h2(_("Accounts")), class_name="hd"),
            rx.el.dl(
                total(_("Accounts in all"), AccountsState.accounts),
                total(_("Never signed in"), AccountsState.never),
                total(_("Blocked"), AccountsState.blocked),
                total(_("Signed in now"), AccountsState.sessions),
                class_name="tot bd",
            ),
            class_name="card",
            custom_attrs={"data-testid": "accounts"},
        ),
    )


def integrity_page() -> rx.Component:
    """`/integrity`"""

    def chain(item: ChainItem) -> rx.Component:
        return rx.el.tr(rx.el.td(item.name), rx.el.td(item.count, class_name="num"))

    state = IntegrityState
    return framed(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(_("Integrity of the history")),
                    rx.el.p(
                        _(
                            "Every change is one link of a chain. The check walks it from the first link on. "
                            "What stands in the journal now is not compared with it yet."
                        )
                    ),
                ),
                class_name="pagehead",
            ),
            rx.el.section(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(_("Chain"), scope="col"), rx.el.th(_("Operations"), scope="col", class_name="num")
                        )
                    ),
                    rx.el.tbody(rx.foreach(state.chains, chain)),
                    class_name="tbl",
                    custom_attrs={"data-testid": "chains"},
                ),
                rx.el.div(
                    rx.el.button(
                        rx.cond(state.busy, _("Checking…"), _("Check now")),
                        on_click=IntegrityState.check,
                        disabled=state.busy,
                        class_name="btn primary",
                        custom_attrs={"data-testid": "check", "aria-busy": rx.cond(state.busy, "true", "false")},
                    ),
                    rx.el.div(_result(), role="status", custom_attrs={"data-testid": "verdict"}),
                    class_name="bd check",
                ),
                class_name="card narrow",
            ),
            class_name="page",
        ),
    )


def _result() -> rx.Component:
    state = IntegrityState
    return rx.match(
        state.verdict,
        ("whole", rx.el.p(icon("check"), _("The chain is whole. Checked:"), " ", state.checked, class_name="note ok")),
        (
            "broken",
            rx.el.div(
                rx.el.div(
                    rx.el.p(rx.el.b(_("The chain is not whole. Checked:"), " ", state.checked)),
                    rx.el.p(_("Change nothing, keep a copy of the data folder and tell the administrator.")),
                    rx.el.p(_("What the check found, in the words of the ledger, for whoever keeps the server:")),
                    rx.el.ul(rx.foreach(state.faults, lambda fault: rx.el.li(fault))),
                ),
                class_name="note danger",
                role="alert",
            ),
        ),
        rx.fragment(),
    )
