"""What is written down in the journals, on the homes of the director and the deputies."""

from __future__ import annotations

import reflex as rx

from ais_app.control.state import GapItem, KeepingItem, KeepingState
from ais_app.i18n import _
from ais_app.web.cards import heading, long_list, phone_heading
from ais_app.web.icons import icon
from ais_app.web.shell import by_status, failed
from ais_app.web.variables import length


def keeping() -> rx.Component:
    """By teacher what is written down, and the lessons that are not: for the director and the deputies."""
    return rx.cond(
        KeepingState.shown,
        by_status(
            KeepingState.status,
            _keeping(),
            failed(_("What is written down could not be shown"), KeepingState.open_part),
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
            rx.cond(length(KeepingState.teachers) > 0, _teachers()),
            class_name="card",
        ),
        rx.el.section(
            heading(
                _("Lessons without topic or homework"), rx.cond(KeepingState.missing == "0", "", KeepingState.missing)
            ),
            long_list(
                KeepingState.gaps,
                gap,
                rx.cond(
                    length(KeepingState.teachers) > 0,
                    _("Everything held in the last seven days is written down."),
                    _("A lesson stands here from its last bell until it is written down."),
                ),
                "gaps",
            ),
            class_name="card tg",
        ),
        class_name="lay even",
    )


def _teachers() -> rx.Component:
    """A table with a row for each teacher with lessons in the last days."""

    def teacher(item: KeepingItem) -> rx.Component:
        return rx.el.tr(
            rx.el.td(rx.cond(item.href != "", rx.el.a(item.name, href=item.href), item.name)),
            rx.el.td(phone_heading(_("Today")), item.today, class_name="num"),
            rx.el.td(phone_heading(_("Seven days")), item.week, class_name="num"),
            rx.el.td(
                rx.cond(
                    item.missing == "",
                    rx.el.span(icon("check"), rx.el.span(_("all written"), class_name="wd"), class_name="badge ok"),
                    rx.el.span(item.missing, class_name="badge warn"),
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
                    rx.el.th(_("State"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(KeepingState.teachers, teacher)),
            class_name="tbl as-cards kept",
            custom_attrs={"data-testid": "keeping"},
        ),
        class_name="scroll",
    )
