"""The table of all marks, a list of cards on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.progress.state import ProgressState
from ais_app.diary.progress.views import ChipItem, EarnedItem, SubjectItem
from ais_app.i18n import _
from ais_app.journal.grid.chips import small_chip_class
from ais_app.web.popover import opener
from ais_app.web.variables import length


def marks() -> rx.Component:
    """All marks by subject with the mean, how it comes about, and what is missing to a «5»."""
    state = ProgressState
    return rx.el.section(
        rx.el.div(
            rx.el.h2(rx.cond(state.year_tab, _("All marks of the year"), _("All marks of the period"))), class_name="hd"
        ),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Subject"), scope="col"),
                    rx.el.th(_("Marks given"), scope="col"),
                    rx.el.th(_("Mean"), scope="col", class_name="num"),
                    rx.cond(state.compared, rx.el.th(_("Class"), scope="col", class_name="num")),
                    rx.cond(
                        state.year_tab,
                        rx.foreach(state.period_heads, lambda name: rx.el.th(name, scope="col", class_name="t-center")),
                        rx.fragment(
                            rx.el.th(_("By calculation"), scope="col", class_name="t-center"),
                            rx.el.th(_("To «5»"), scope="col"),
                        ),
                    ),
                )
            ),
            rx.el.tbody(rx.foreach(state.subjects, _subject)),
            class_name="tbl resp marks",
            custom_attrs={"data-testid": "all-marks"},
        ),
        rx.el.p(
            state.rule,
            class_name="hint foot",
        ),
        class_name="card",
        id="marks",
    )


def _subject(item: SubjectItem) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.button(
                item.name,
                on_click=ProgressState.choose_course({"course": item.uid}),
                class_name="pick",
                title=_("Show in «What if»"),
                custom_attrs={"aria-pressed": rx.cond(item.current, "true", "false")},
            ),
            scope="row",
        ),
        rx.el.td(
            rx.el.div(
                rx.foreach(item.chips, _chip),
                rx.cond(length(item.chips) == 0, rx.el.span("—", class_name="dim")),
                rx.cond(item.why != "", _why(item)),
                class_name="ms",
            ),
            class_name="given",
        ),
        rx.el.td(rx.el.b(item.mean), class_name="num", custom_attrs={"data-testid": "mean-" + item.uid}),
        rx.cond(
            ProgressState.compared,
            rx.el.td(
                rx.el.span(_("Class"), " ", class_name="only-phone dim"),
                rx.cond(item.of_class != "", item.of_class, "—"),
                class_name="num dim",
                custom_attrs={"data-testid": "class-mean-" + item.uid},
            ),
        ),
        rx.cond(
            ProgressState.year_tab,
            rx.foreach(item.periods, _earned),
            rx.fragment(
                rx.el.td(item.mark, class_name="t-center dim", custom_attrs={"data-testid": "mark-" + item.uid}),
                rx.el.td(
                    rx.cond(
                        item.reached,
                        rx.el.span(_("«5» already"), class_name="dim"),
                        rx.cond(item.needed != "", fives(item.needed), rx.el.span("—", class_name="dim")),
                    ),
                    class_name="nowrap",
                ),
            ),
        ),
        class_name=rx.cond(item.current, "sel", ""),
        custom_attrs={"data-testid": "subject-" + item.uid},
    )


def _earned(item: EarnedItem) -> rx.Component:
    return rx.el.td(
        rx.el.span(item.period, " ", class_name="only-phone dim"),
        rx.cond(item.mean != "", rx.fragment(rx.el.b(item.mean), rx.el.span(" → ", item.mark, class_name="dim")), "—"),
        class_name="t-center nowrap per",
    )


def _why(item: SubjectItem) -> rx.Component:
    """How the mean comes about, with its own numbers."""
    return rx.el.details(
        rx.el.summary(item.why),
        rx.el.div(
            rx.el.p(_("Each mark times its weight: "), item.sum_of),
            rx.el.p(_("That by the sum of the weights: "), rx.el.b(item.quotient)),
            rx.el.p(_("н, б, у, о, зач, незач and осв do not enter the mean. "), item.aside, class_name="dim"),
        ),
        class_name="why",
        custom_attrs={"data-testid": "why-" + item.uid},
    )


def _chip(item: ChipItem) -> rx.Component:
    return opener(
        item.work,
        item.about,
        rx.cond(item.was != "", rx.el.s(item.was, class_name="was")),
        rx.cond(item.code != "", rx.el.span(item.code, class_name=small_chip_class(item.code))),
        rx.el.span(", ", item.about, class_name="vh"),
        class_name="mkb",
        custom_attrs={"data-testid": "mark-" + item.work},
    )


def fives(count: Any) -> rx.Component:
    """«12 × 5»."""
    return rx.el.span(count, " × ", rx.el.span("5", class_name="mk sm mk5"))
