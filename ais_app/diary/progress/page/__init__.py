"""The page «Успехи»: means by week, all marks, what-if, attendance, distribution; on a phone one under another."""

from __future__ import annotations

import reflex as rx

from ais_app.diary.children import children_switch
from ais_app.diary.page.opened import opened_mark
from ais_app.diary.progress.page.charts import attendance, distribution, means
from ais_app.diary.progress.page.marks import marks
from ais_app.diary.progress.page.what_if import what_if
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.progress.views import PeriodItem
from ais_app.i18n import _
from ais_app.school.page_frame import in_page_frame
from ais_app.web.address import kept_in_address
from ais_app.web.page_styles import page_styles
from ais_app.web.shell import empty, failed, loading
from ais_app.web.variables import length


def progress_page() -> rx.Component:
    """`/progress`"""
    return in_page_frame(
        page_styles("progress"),
        kept_in_address(ProgressState.address),
        rx.el.div(
            rx.match(
                ProgressState.status,
                ("ready", _progress()),
                (
                    "nobody",
                    empty(
                        _("There is no diary here"),
                        _("No student is linked to this account today. The class teacher can tell why."),
                        sign="diary",
                    ),
                ),
                (
                    "unplaced",
                    rx.fragment(
                        children_switch(ProgressState),
                        empty(
                            _("There is no class yet"),
                            _("Marks appear here as soon as the school has put the student into a class."),
                            sign="progress",
                        ),
                    ),
                ),
                ("error", failed(_("The marks could not be shown"), ProgressState.open_page)),
                loading(_("Progress is being opened")),
            ),
            class_name="page progress",
        ),
    )


def _progress() -> rx.Component:
    state = ProgressState
    return rx.fragment(
        children_switch(ProgressState),
        rx.el.div(
            rx.el.div(
                rx.el.h1(state.title, custom_attrs={"data-testid": "progress-title"}),
                rx.el.p(state.about, custom_attrs={"data-testid": "progress-about"}),
            ),
            rx.el.div(
                rx.foreach(state.periods, _period),
                class_name="seg",
                role="group",
                custom_attrs={"aria-label": _("Period")},
            ),
            class_name="pagehead",
        ),
        rx.cond(state.begun, _of_the_period(), _nothing_yet()),
        opened_mark(state, state.subjects),
    )


def _nothing_yet() -> rx.Component:
    return rx.el.section(
        empty(
            _("There have been no lessons yet"),
            _("Marks and attendance appear here with the first lesson of the school year."),
            sign="progress",
        ),
        class_name="card",
    )


def _of_the_period() -> rx.Component:
    state = ProgressState
    return rx.fragment(
        rx.cond(
            state.graded,
            rx.fragment(),
            rx.el.p(
                _("This class is taught without marks. Attendance is kept as in every class."),
                class_name="note",
                custom_attrs={"data-testid": "no-marks-class"},
            ),
        ),
        rx.el.div(
            rx.el.div(rx.cond(state.graded, rx.fragment(means(), marks())), class_name="stack"),
            rx.el.div(
                rx.cond(state.graded, what_if()),
                attendance(),
                rx.cond(state.graded & (length(state.distribution.rows) > 0), distribution()),
                class_name="stack",
            ),
            class_name=rx.cond(state.graded, "lay", "lay one"),
        ),
    )


def _period(item: PeriodItem) -> rx.Component:
    return rx.el.button(
        item.name,
        on_click=ProgressState.choose_period({"period": item.uid}),
        custom_attrs={"aria-pressed": rx.cond(item.current, "true", "false"), "data-testid": "period-" + item.uid},
    )
