"""The diary page: the spread of a week; on a phone one day with a strip of days above it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.diary.state import ChildItem, DayItem, DiaryState, LessonItem, MarkItem
from ais_app.i18n import _
from ais_app.school.state import ShellState
from ais_app.web.icons import icon
from ais_app.web.shell import empty, live_line, mark_class, page


def diary_page() -> rx.Component:
    """`/diary`"""
    return page(
        ShellState,
        rx.el.div(
            rx.match(
                DiaryState.status,
                ("ready", _week()),
                (
                    "nobody",
                    empty(
                        _("There is no diary here"),
                        _("No student is linked to this account today. The class teacher can tell why."),
                    ),
                ),
                rx.el.div(
                    *[rx.el.div(class_name="sk") for _line in range(8)],
                    class_name="stack",
                    custom_attrs={"aria-busy": "true"},
                ),
            ),
            class_name="page",
        ),
        notice=live_line(NoticeState.notice),
    )


def _week() -> rx.Component:
    return rx.fragment(
        rx.cond(DiaryState.children.length() > 1, _children()),
        rx.el.div(
            rx.el.div(
                _turn("left", _("The week before"), -1, "week-before"),
                rx.el.h1(rx.el.b(DiaryState.week), custom_attrs={"data-testid": "diary-week"}),
                _turn("right", _("The week after"), 1, "week-after"),
                class_name="wk",
            ),
            rx.el.button(
                _("This week"),
                on_click=DiaryState.turn({"by": 0}),
                class_name="btn ghost not-phone",
                custom_attrs={"data-testid": "week-now"},
            ),
            class_name="pagehead",
        ),
        rx.el.div(
            rx.foreach(DiaryState.days, _tab),
            class_name="dtabs",
            role="tablist",
            custom_attrs={"aria-label": _("Day of the week")},
        ),
        rx.el.div(
            rx.el.div(rx.foreach(DiaryState.days, lambda day: rx.cond(day.left, _day(day))), class_name="lf"),
            rx.el.div(
                rx.foreach(DiaryState.days, lambda day: rx.cond(day.left, rx.fragment(), _day(day))), class_name="rt"
            ),
            class_name="spread",
            custom_attrs={"data-testid": "diary"},
        ),
    )


def _children() -> rx.Component:
    def child(item: ChildItem) -> rx.Component:
        return rx.el.button(
            rx.el.span(item.initials, class_name="ava", custom_attrs={"aria-hidden": "true"}),
            item.name,
            rx.el.small(item.class_name),
            on_click=DiaryState.choose_child({"child": item.uid}),
            class_name="kid",
            custom_attrs={"aria-pressed": rx.cond(item.current, "true", "false"), "data-testid": "child-" + item.uid},
        )

    return rx.el.div(
        rx.foreach(DiaryState.children, child),
        class_name="kids",
        role="group",
        custom_attrs={"aria-label": _("Child")},
    )


def _turn(name: str, label: str, by: int, test_id: str) -> rx.Component:
    return rx.el.button(
        icon(name),
        on_click=DiaryState.turn({"by": by}),
        class_name="btn ghost icon",
        custom_attrs={"aria-label": label, "data-testid": test_id},
    )


def _tab(day: DayItem) -> rx.Component:
    return rx.el.button(
        rx.el.small(day.short),
        day.number,
        on_click=DiaryState.choose_day({"day": day.iso}),
        role="tab",
        custom_attrs={
            "aria-selected": rx.cond(day.chosen, "true", "false"),
            "aria-label": day.name + ", " + day.date,
        },
    )


def _day(day: DayItem) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(day.name, " ", rx.el.span(day.date)),
            rx.cond(day.today, rx.el.span(_("today"), class_name="nowb")),
            rx.el.span(day.note, class_name="xs dim"),
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
            class_name="sub",
        ),
        rx.el.span(rx.foreach(lesson.marks, _mark), class_name="mv"),
        custom_attrs={"data-testid": "lesson-" + lesson.uid},
    )


def _comment(text: Any) -> rx.Component:
    return rx.el.p(icon("comment"), rx.el.span(text), class_name="cm")


def _mark(mark: MarkItem) -> rx.Component:
    return rx.el.span(
        mark.code, rx.el.span(", ", mark.about, class_name="vh"), class_name=mark_class(mark.code), title=mark.about
    )
