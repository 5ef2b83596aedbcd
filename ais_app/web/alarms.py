"""Alarms of the installation on every page of its administrator: the banner, and the card of his home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.variables import length


@dataclass(frozen=True, slots=True)
class AlarmItem:
    """`acute`: it cannot wait. `href`: a page that helps, named by `link`; "" = none."""

    name: str
    acute: bool
    title: str
    advice: str
    href: str
    link: str


Present = Callable[[], list[AlarmItem]]
_sources: list[Present] = []


def register(*sources: Present) -> None:
    """Set who knows the alarms that stand."""
    _sources[:] = sources


def present() -> list[AlarmItem]:
    return [alarm for source in _sources for alarm in source()]


def banner(shell: Any) -> rx.Component:
    """The worst alarm, how many there are besides, and the way to the home, which says what to do."""
    worst = shell.alarms[0]
    return rx.el.div(
        rx.cond(
            length(shell.alarms) > 0,
            rx.el.p(
                icon("alert"),
                rx.el.span(
                    rx.el.b(worst.title),
                    rx.cond(
                        length(shell.alarms) > 1, rx.fragment(" · ", _("and more:"), " ", length(shell.alarms) - 1)
                    ),
                    class_name="grow",
                ),
                rx.el.a(_("What to do"), href="/"),
                class_name=rx.cond(worst.acute, "note danger alarm no-print", "note warn alarm no-print"),
                custom_attrs={"data-testid": "alarm"},
            ),
        ),
        role="status",
        class_name="no-print",  # an empty box before a named sheet would print an empty one
        custom_attrs={"aria-live": "polite"},
    )


def card(shell: Any) -> rx.Component:
    """Every alarm with what to do; nothing while there is none."""

    def row(item: AlarmItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(rx.el.b(item.title)),
                rx.el.p(item.advice, class_name="sm muted"),
                class_name="grow",
            ),
            rx.cond(item.href != "", rx.el.a(item.link, href=item.href, class_name="btn sm")),
            custom_attrs={"data-testid": "alarm-row"},
        )

    return rx.cond(
        length(shell.alarms) > 0,
        rx.el.section(
            rx.el.div(rx.el.h2(_("Alarms of the installation")), class_name="hd"),
            rx.el.ul(rx.foreach(shell.alarms, row), class_name="tl"),
            class_name="card",
            custom_attrs={"data-testid": "alarms"},
        ),
    )
