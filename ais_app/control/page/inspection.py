"""The home of an inspector: what can be done, what may be seen, what was looked at."""

from __future__ import annotations

import reflex as rx

from ais_app.control.state import InspectionState, ViewItem
from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.variables import length


def inspection() -> rx.Component:
    """For an inspector: what he can do, and the journals that he opened last."""
    return rx.cond(InspectionState.shown, rx.el.div(_tasks(), _views(), class_name="lay"))


def _tasks() -> rx.Component:
    def task(sign: str, title: str, about: str, label: str, href: str, *, first: bool = False) -> rx.Component:
        return rx.el.li(
            rx.el.span(icon(sign), class_name="bx", custom_attrs={"aria-hidden": "true"}),
            rx.el.div(rx.el.p(rx.el.b(title)), rx.el.p(about, class_name="sm muted"), class_name="grow"),
            rx.el.a(label, href=href, class_name="btn sm primary" if first else "btn sm"),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("What can be done")), class_name="hd"),
        rx.el.ul(
            task(
                "journal",
                _("Look through the journals"),
                _("Marks, absences, topics, homework and the history of each cell; nothing can be changed."),
                _("Open"),
                "/journal",
                first=True,
            ),
            task(
                "shield",
                _("Check the history"),
                _("Whether the chain of all changes is whole, from the first link on."),
                _("Check"),
                "/integrity",
            ),
            task(
                "list",
                _("Read what was changed"),
                _("Every operation by day, kind and class, with old and new values; without names."),
                _("Open"),
                "/operations",
            ),
            class_name="tl",
            custom_attrs={"data-testid": "inspection"},
        ),
        class_name="card tg",
    )


def _views() -> rx.Component:
    def view(item: ViewItem) -> rx.Component:
        return rx.el.li(rx.el.a(item.title, href=item.href, class_name="grow"), rx.el.span(item.at, class_name="xs"))

    return rx.el.section(
        rx.el.div(
            rx.el.h2(_("Your views are recorded")),
            rx.el.span(InspectionState.opened, class_name="sm muted"),
            class_name="hd",
        ),
        rx.cond(
            length(InspectionState.views) > 0,
            rx.el.ol(
                rx.foreach(InspectionState.views, view), class_name="dl", custom_attrs={"data-testid": "own-views"}
            ),
            rx.el.p(_("You have not opened a journal yet. The school sees which you open."), class_name="bd muted"),
        ),
        class_name="card",
    )
