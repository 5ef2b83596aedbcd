"""«Итог недели»: what there was, who has seen it, and lines for the signatures on paper."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.state import DiaryState
from ais_app.i18n import _, p_
from ais_app.web.icons import icon
from ais_app.web.variables import length, variable


def summary() -> rx.Component:
    """The last part of the spread."""
    week = DiaryState.summary

    def total(name: str, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(name), rx.el.dd(value))

    return rx.el.section(
        rx.el.h2(_("The week in sum")),
        rx.el.dl(
            total(p_("view", "Marks"), week.marks),
            total(_("Lessons missed"), week.missed),
            total(_("Late"), week.late),
            total(_("Homework"), week.homework),
            class_name="tot",
        ),
        rx.el.div(
            rx.foreach(
                variable(week.seen),
                lambda who: rx.el.p(icon("check"), _("Seen by"), " ", who, class_name="row sm"),
            ),
            rx.cond(
                length(week.news) > 0,
                rx.el.div(
                    icon("alert"),
                    rx.el.div(
                        rx.el.p(_("Changed after it was seen"), ":"),
                        rx.el.ul(rx.foreach(week.news, lambda change: rx.el.li(change))),
                    ),
                    class_name="note warn",
                    custom_attrs={"data-testid": "changed-after", "aria-live": "polite"},
                ),
            ),
            rx.cond(week.appeared != "", rx.el.p(week.appeared, class_name="sm muted")),
            rx.cond(week.term != "", rx.el.p(week.term, class_name="sm muted")),
            rx.cond(
                week.may,
                rx.el.button(
                    rx.cond(week.again, _("I have seen the changes"), _("I have seen this week")),
                    on_click=DiaryState.acknowledge,
                    class_name="btn primary",
                    custom_attrs={"data-testid": "acknowledge"},
                ),
            ),
            class_name="ack",
            custom_attrs={"data-testid": "acknowledgement"},
        ),
        rx.el.div(
            *[
                rx.el.p(name, rx.el.span(class_name="rule"))
                for name in (_("Signature of the parent"), _("Signature of the class teacher"))
            ],
            class_name="print-only signs",
        ),
        class_name="sum",
        custom_attrs={"aria-label": _("The week in sum"), "data-testid": "week-summary"},
    )
