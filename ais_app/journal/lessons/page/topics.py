"""The view «Topics and homework»: the lessons of the period as a list."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.lessons.views import TopicLine
from ais_app.web.shell import empty
from ais_app.web.variables import length


def topics_table() -> rx.Component:
    """Day, number, topic, homework, kinds of work, when it was written; the topic opens the lesson."""
    heads = (_("Day"), _("No."), _("Topic"), _("Homework"), _("Kind and weight"), _("Record"))
    return rx.el.div(
        rx.cond(
            length(JournalState.topics) > 0,
            rx.el.div(
                rx.el.table(
                    rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
                    rx.el.tbody(rx.foreach(JournalState.topics, _row)),
                    rx.cond(
                        length(JournalState.ahead) > 0,
                        rx.el.tbody(
                            rx.el.tr(rx.el.th(_("Further ahead"), col_span=6, scope="rowgroup", class_name="sub-head")),
                            rx.foreach(JournalState.ahead, _row),
                        ),
                    ),
                    class_name="tbl topics",
                    custom_attrs={"data-testid": "topics"},
                ),
                class_name="card",
            ),
            empty(
                _("There are no lessons in this period yet"),
                rx.cond(
                    JournalState.read_only,
                    _("Choose another period above."),
                    _("Choose another period above, or add a lesson."),
                ),
            ),
        ),
        class_name="tview",
        tab_index=0,
        custom_attrs={"aria-label": _("Topics and homework"), "role": "region"},
    )


def _row(lesson: TopicLine) -> rx.Component:
    badge = rx.match(lesson.state, ("ok", "badge ok"), ("late", "badge warn"), ("missing", "badge danger"), "badge")
    return rx.el.tr(
        rx.el.td(lesson.day, class_name="nowrap"),
        rx.el.td(lesson.number, class_name="num"),
        rx.el.td(
            rx.el.button(
                rx.cond(lesson.topic != "", lesson.topic, _("Not written yet")),
                on_click=LessonState.open_lesson({"work": lesson.work}),
                class_name=rx.cond(lesson.topic != "", "linkish", "linkish dim"),
                custom_attrs={"data-testid": "topic-" + lesson.work},
            ),
            class_name="wide",
        ),
        rx.el.td(rx.cond(lesson.homework != "", lesson.homework, rx.el.span("—", class_name="dim")), class_name="wide"),
        rx.el.td(lesson.kinds, class_name="nowrap"),
        rx.el.td(
            rx.cond(
                lesson.record != "",
                rx.el.span(lesson.record, class_name=badge),
                rx.el.span("—", class_name="dim"),
            )
        ),
        class_name=rx.cond(lesson.today, "now", ""),
    )
