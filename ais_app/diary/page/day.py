"""One day of the diary, and its tab in the strip of days."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.page.opened import correction_line, struck
from ais_app.diary.state import DiaryState
from ais_app.diary.views import DayItem, LessonItem, MarkItem
from ais_app.i18n import _
from ais_app.web.chips import chip_class
from ais_app.web.icons import icon
from ais_app.web.sheet import opener


def _bar(day: DayItem, tag: Any) -> rx.Component:
    return tag(rx.el.i(style={"width": day.fill}), class_name=rx.cond(day.heavy, "bar warn", "bar"))


def tab(day: DayItem) -> rx.Component:
    """A day in the strip above one day."""
    return rx.el.button(
        rx.el.small(day.short),
        day.number,
        _bar(day, rx.el.i),
        on_click=DiaryState.choose_day({"day": day.iso}),
        role="tab",
        custom_attrs={
            "aria-selected": rx.cond(day.chosen, "true", "false"),
            "aria-label": day.name + ", " + day.date + rx.cond(day.load != "", ", " + day.load, ""),
        },
    )


def shown_day(day: DayItem) -> rx.Component:
    """The lessons of a day with what was entered in each."""
    return rx.el.section(
        rx.el.header(
            rx.el.h2(day.name, " ", rx.el.span(day.date)),
            rx.cond(day.today, rx.el.span(_("today"), class_name="nowb")),
            rx.cond(
                day.load != "",
                rx.el.span(
                    _bar(day, rx.el.span),
                    rx.el.span(day.load, class_name="xs dim"),
                    class_name="load",
                    title=_("Homework of this day against the norm of the grade"),
                    custom_attrs={"data-testid": "load-" + day.iso},
                ),
                rx.cond(day.note != "", rx.el.span(day.note, class_name="xs dim")),
            ),
        ),
        rx.el.ol(rx.foreach(day.lessons, _lesson)),
        class_name="day " + rx.cond(day.today, "today ", "") + rx.cond(day.chosen, "on", ""),
        custom_attrs={"aria-label": day.name + ", " + day.date, "data-testid": "day-" + day.iso},
    )


def _lesson(lesson: LessonItem) -> rx.Component:
    return rx.el.li(
        rx.el.span(lesson.number, rx.el.small(lesson.begins), class_name="no"),
        rx.el.div(
            rx.el.b(lesson.subject),
            rx.cond(lesson.control != "", rx.el.span(lesson.control, class_name="badge info")),
            rx.cond(lesson.topic != "", rx.el.p(lesson.topic, class_name="top")),
            rx.el.p(
                rx.cond(
                    lesson.homework != "",
                    rx.el.span(lesson.homework, class_name="hwt"),
                    rx.el.span(lesson.quiet, class_name="dim"),
                ),
                rx.cond(lesson.minutes != "", rx.el.span(lesson.minutes, class_name="min")),
                class_name="hw",
            ),
            rx.foreach(lesson.comments, _comment),
            rx.foreach(lesson.remarks, _remark),
            rx.foreach(lesson.corrections, correction_line),
            class_name="sub",
        ),
        rx.el.span(rx.foreach(lesson.corrections, struck), rx.foreach(lesson.marks, _mark), class_name="mv"),
        class_name=rx.cond(lesson.homework != "", "task", ""),
        custom_attrs={"data-testid": "lesson-" + lesson.uid},
    )


def _comment(text: Any) -> rx.Component:
    return rx.el.p(icon("comment"), rx.el.span(text), class_name="cm")


def _remark(text: Any) -> rx.Component:
    return rx.el.p(icon("alert"), rx.el.span(rx.el.b(_("Remark")), ": ", text), class_name="cm rm")


def _mark(mark: MarkItem) -> rx.Component:
    return opener(
        mark.work,
        mark.about,
        rx.el.span(mark.code, class_name=chip_class(mark.code)),
        rx.el.span(", ", mark.about, class_name="vh"),
        class_name="mkb",
        custom_attrs={"data-testid": "mark-" + mark.work},
    )
