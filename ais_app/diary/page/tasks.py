"""«Только задания»: what is to be done for the coming days, by the day on which it is due."""

from __future__ import annotations

import reflex as rx

from ais_app.diary.state import DiaryState
from ais_app.diary.tasks import TaskDay, TaskItem
from ais_app.i18n import _
from ais_app.web.shell import empty
from ais_app.web.variables import length


def coming_tasks() -> rx.Component:
    """A card for each day, the nearest one first."""
    return rx.el.div(
        rx.cond(
            length(DiaryState.tasks) > 0,
            rx.el.div(rx.foreach(DiaryState.tasks, _day), class_name="tasks"),
            rx.el.section(
                empty(
                    _("Nothing is set for the coming days"),
                    _("Homework appears here as soon as a teacher writes it."),
                    sign="diary",
                ),
                class_name="card",
            ),
        ),
        class_name="no-print",
        custom_attrs={"data-testid": "tasks"},
    )


def _day(day: TaskDay) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(day.name, " ", rx.el.span(day.date)),
            rx.cond(
                day.load != "",
                rx.el.span(
                    rx.el.span(rx.el.i(style={"width": day.fill}), class_name=rx.cond(day.heavy, "bar warn", "bar")),
                    rx.el.span(day.load, class_name="xs dim"),
                    class_name="load",
                ),
            ),
        ),
        rx.el.ul(rx.foreach(day.tasks, _task)),
        rx.cond(day.unwritten != "", rx.el.p(rx.el.b(_("Not written yet")), ": ", day.unwritten, class_name="rest")),
        rx.cond(day.nothing != "", rx.el.p(rx.el.b(_("Nothing is set")), ": ", day.nothing, class_name="rest")),
        class_name="card due-day",
        custom_attrs={"aria-label": day.name + ", " + day.date, "data-testid": "due-" + day.iso},
    )


def _task(task: TaskItem) -> rx.Component:
    return rx.el.li(
        rx.el.b(task.subject),
        rx.cond(task.new, rx.el.span(_("new"), class_name="badge info fresh")),
        rx.cond(task.minutes != "", rx.el.span(task.minutes, class_name="min")),
        rx.el.p(task.text, class_name="hwt"),
        rx.el.p(task.given, class_name="xs dim"),
    )
