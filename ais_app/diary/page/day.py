"""One day of the diary, and its tab in the strip of days."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.page.opened import shown_correction, struck
from ais_app.diary.state import DiaryState
from ais_app.diary.tasks import TaskItem
from ais_app.diary.views import DayItem, LessonItem, MarkItem
from ais_app.i18n import _
from ais_app.journal.grid.chips import chip_class
from ais_app.web.icons import icon
from ais_app.web.popover import opener
from ais_app.web.variables import length, variable


def _bar(day: DayItem, tag: Any) -> rx.Component:
    return tag(rx.el.i(style={"width": day.fill}), class_name=rx.cond(day.heavy, "bar warn", "bar"))


def tab(day: DayItem) -> rx.Component:
    """A day in the strip above one day."""
    return rx.el.button(
        rx.el.small(day.short),
        day.number,
        _bar(day, rx.el.i),
        rx.cond(day.news != "", rx.el.span(day.news, class_name="new", custom_attrs={"aria-hidden": "true"})),
        on_click=DiaryState.choose_day({"day": day.iso}),
        role="tab",
        class_name=rx.cond(day.today, "today", ""),
        custom_attrs={
            "aria-selected": rx.cond(day.chosen, "true", "false"),
            "aria-label": variable(day.name)
            + ", "
            + day.date
            + rx.cond(day.today, ", " + _("today"), "")
            + rx.cond(day.load != "", ", " + day.load, "")
            + rx.cond(day.news != "", ", " + _("new:") + " " + day.news, ""),
            "data-testid": "tab-" + day.iso,
        },
    )


def shown_day(day: DayItem) -> rx.Component:
    """The lessons of a day with what was entered in each."""
    return rx.el.section(
        rx.el.header(
            rx.el.h2(day.name, " ", rx.el.span(day.date)),
            rx.el.span(
                rx.cond(day.today, rx.el.span(_("today"), class_name="nowb")),
                rx.cond(
                    day.news != "",
                    rx.el.span(
                        _("new:"),
                        " ",
                        day.news,
                        class_name="badge info",
                        custom_attrs={"data-testid": "new-" + day.iso},
                    ),
                ),
                class_name="row signs-of-day",
            ),
            rx.cond(
                day.load != "",
                rx.el.span(
                    _bar(day, rx.el.span),
                    rx.el.span(day.load, class_name="xs dim"),
                    class_name="load",
                    title=_("Homework due on this day against the norm of the grade"),
                    custom_attrs={"data-testid": "load-" + day.iso},
                ),
                rx.cond(day.note != "", rx.el.span(day.note, class_name="xs dim")),
            ),
        ),
        rx.el.ol(rx.foreach(day.lessons, _lesson)),
        rx.cond(
            length(day.beside) > 0,
            rx.el.ol(rx.foreach(day.beside, _beside), custom_attrs={"data-testid": "beside-" + day.iso}),
        ),
        class_name=variable("day ") + rx.cond(day.today, "today ", "") + rx.cond(day.chosen, "on", ""),
        custom_attrs={"aria-label": day.name + ", " + day.date, "data-testid": "day-" + day.iso},
    )


def _lesson(lesson: LessonItem) -> rx.Component:
    return rx.el.li(
        rx.el.span(lesson.number, rx.el.small(lesson.begins), class_name="no"),
        rx.el.div(
            rx.el.b(lesson.subject),
            rx.cond(lesson.new, _new()),
            rx.cond(lesson.control != "", rx.el.span(lesson.control, class_name="badge info")),
            rx.cond(lesson.topic != "", rx.el.p(lesson.topic, class_name="top")),
            rx.cond(lesson.teachers != "", rx.el.p(lesson.teachers, class_name="by")),
            rx.foreach(lesson.tasks, _task),
            _homework(lesson),
            rx.foreach(lesson.comments, _comment),
            rx.foreach(lesson.remarks, _remark),
            rx.foreach(lesson.corrections, shown_correction),
            class_name="sub",
        ),
        rx.el.span(rx.foreach(lesson.corrections, struck), rx.foreach(lesson.marks, _mark), class_name="mv"),
        class_name=rx.cond(lesson.homework != "", "task", ""),
        custom_attrs={"data-testid": "lesson-" + lesson.uid},
    )


def _new() -> rx.Component:
    return rx.el.span(_("new"), class_name="badge info fresh")


def _task(task: TaskItem) -> rx.Component:
    """What is to be done for the lesson."""
    return rx.el.p(
        rx.el.span(_("To do:"), class_name="lab"),
        " ",
        rx.el.span(task.text, class_name="hwt"),
        rx.cond(task.minutes != "", _small(task.minutes)),
        _small(task.given),
        rx.cond(task.new, _new()),
        class_name="hw due",
    )


def _small(text: Any, name: str = "min") -> rx.Component:
    """A word or two about a task, after it; a line may break before them."""
    return rx.fragment(" ", rx.el.span(text, class_name=name))


def _homework(lesson: LessonItem) -> rx.Component:
    """What is set at the lesson, for another day."""
    return rx.cond(
        lesson.homework != "",
        rx.el.p(
            rx.el.span(_("Set:"), class_name="lab"),
            " ",
            rx.el.span(lesson.homework, class_name="hwt"),
            _small(lesson.until, "min until"),
            rx.cond(lesson.minutes != "", _small(lesson.minutes)),
            class_name="hw",
        ),
        rx.cond(lesson.quiet != "", rx.el.p(rx.el.span(lesson.quiet, class_name="dim"), class_name="hw")),
    )


def _beside(task: TaskItem) -> rx.Component:
    """What is due on a day that has no lesson of its subject."""
    return rx.el.li(
        rx.el.span(icon("diary"), class_name="no"),
        rx.el.div(rx.el.b(task.subject), _task(task), class_name="sub"),
        rx.el.span(class_name="mv"),
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
