"""The three charts, each an image with a name and the same numbers as a table behind it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.progress.charts import RowItem
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.progress.views import OptionItem
from ais_app.i18n import _
from ais_app.web.chart import chart
from ais_app.web.dropdown import dropdown
from ais_app.web.icons import icon
from ais_app.web.variables import length


def _numbers(item: Any, test_id: str) -> rx.Component:
    """The same numbers as a table, closed until somebody wants them."""

    def row(entry: RowItem) -> rx.Component:
        return rx.el.tr(
            rx.el.th(entry.name, scope="row"),
            rx.foreach(entry.cells, lambda cell: rx.el.td(cell, class_name="num")),
        )

    return rx.el.details(
        rx.el.summary(_("The same numbers as a table")),
        _scrolled(
            _("Table, can be scrolled"),
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.foreach(item.head, lambda text: rx.el.th(text, scope="col")))),
                rx.el.tbody(rx.foreach(item.rows, row)),
                class_name="tbl numbers",
                custom_attrs={"data-testid": test_id},
            ),
            class_name="scroll",
        ),
        class_name="same",
    )


def _scrolled(label: str, content: rx.Component, class_name: str) -> rx.Component:
    """Content that may be wider than the card: it can be scrolled, also by keyboard."""
    return rx.el.div(content, class_name=class_name, tab_index=0, role="group", custom_attrs={"aria-label": label})


def means() -> rx.Component:
    """Means by week, with the choice of subjects."""
    item = ProgressState.means
    return rx.el.figure(
        rx.el.div(
            rx.el.h2(_("Mean by subject")),
            rx.cond(
                length(ProgressState.lines) > 0,
                rx.el.div(
                    rx.el.span(ProgressState.drawn, class_name="sm muted not-phone"), _subjects(), class_name="row"
                ),
            ),
            class_name="hd",
        ),
        rx.cond(
            length(item.rows) > 0,
            rx.fragment(
                _scrolled(
                    _("Chart, can be scrolled"),
                    rx.el.div(
                        chart(item.figure, item.name, test_id="chart-means", style={"height": item.height}),
                        class_name="wide",
                    ),
                    class_name="bd lc",
                ),
                _numbers(item, "table-means"),
            ),
            _no_marks(),
        ),
        class_name="card",
    )


def _no_marks() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _("There are no marks in this period yet. They appear here as soon as a teacher enters them."),
            class_name="muted",
            custom_attrs={"data-testid": "no-marks"},
        ),
        class_name="bd",
    )


def _subjects() -> rx.Component:
    def subject(item: OptionItem) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=item.chosen,
                disabled=item.locked,
                on_change=lambda _value: ProgressState.draw({"course": item.uid}),
                custom_attrs={"data-testid": "line-" + item.uid},
            ),
            rx.el.span(item.label),
            class_name="chk",
        )

    return dropdown(
        rx.el.summary(icon("filter"), _("Subjects"), class_name="btn sm", custom_attrs={"data-testid": "lines"}),
        rx.el.div(
            rx.foreach(ProgressState.lines, subject),
            rx.el.p(_("From one to seven lines"), class_name="hint"),
            class_name="pop",
            role="group",
            custom_attrs={"aria-label": _("Subjects of the chart")},
        ),
        class_name="disp no-print",
    )


def distribution() -> rx.Component:
    """How many of which marks, by subject."""
    item = ProgressState.distribution
    return rx.el.figure(
        rx.el.div(rx.el.h2(_("How many of which marks")), class_name="hd"),
        rx.el.div(
            chart(item.figure, item.name, test_id="chart-distribution", style={"height": item.height}),
            _legend(("5", "q5"), ("4", "q4"), ("3", "q3"), ("2", "q2")),
            class_name="bd",
        ),
        _numbers(item, "table-distribution"),
        class_name="card",
    )


def attendance() -> rx.Component:
    """The calendar of the period."""
    item = ProgressState.attendance
    return rx.el.figure(
        rx.el.div(
            rx.el.h2(_("Attendance")),
            rx.el.span(ProgressState.attended, class_name="sm muted", custom_attrs={"data-testid": "attended"}),
            class_name="hd",
        ),
        rx.cond(
            length(item.rows) > 0,
            rx.fragment(
                rx.el.div(
                    _scrolled(
                        _("Chart, can be scrolled"),
                        chart(
                            item.figure,
                            item.name,
                            test_id="chart-attendance",
                            style={"width": item.width, "height": item.height},
                        ),
                        class_name="lc",
                    ),
                    rx.el.p(ProgressState.missed, class_name="sm muted miss", custom_attrs={"data-testid": "missed"}),
                    _legend(
                        (_("attended"), "a-ok"),
                        (_("н absent"), "a-n"),
                        (_("б ill"), "a-ill"),
                        (_("у excused"), "a-pt"),
                        (_("о late"), "a-lt"),
                        (_("– holidays"), "a-h"),
                    ),
                    class_name="bd",
                ),
                _numbers(item, "table-attendance"),
            ),
            rx.el.div(rx.el.p(_("There are no lessons in this period yet."), class_name="muted"), class_name="bd"),
        ),
        class_name="card",
    )


def _legend(*entries: tuple[str, str]) -> rx.Component:
    return rx.el.div(
        *[rx.el.span(rx.el.i(class_name=sign), text) for text, sign in entries],
        class_name="leg",
        custom_attrs={"aria-hidden": "true"},
    )
