"""One course: the grid with its heading, its side panel and its bar of keys."""

from __future__ import annotations

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.i18n import _
from ais_app.journal.page.panel import lesson_panel
from ais_app.journal.state import JournalState
from ais_app.journal.views import CourseCard, PeriodTab
from ais_app.school.state import ShellState
from ais_app.web.grid import marks_grid
from ais_app.web.icons import icon
from ais_app.web.shell import empty, field, live_line, page


def course_page() -> rx.Component:
    """`/journal/[course]`"""
    return page(
        ShellState,
        rx.cond(
            JournalState.status == "missing",
            empty(
                _("There is no such journal"),
                _("It does not exist or is not open to you. Choose another one in the section «Journal»."),
            ),
            rx.fragment(
                _heading(),
                rx.el.div(marks_grid(JournalState), lesson_panel(), class_name="jwrap"),
                _keys(),
            ),
        ),
        notice=live_line(NoticeState.notice),
    )


def _heading() -> rx.Component:
    def option(course: CourseCard) -> rx.Component:
        return rx.el.option(course.title, value=course.href)

    def tab(period: PeriodTab) -> rx.Component:
        return rx.el.button(
            period.name,
            on_click=JournalState.choose_period({"period": period.uid}),
            custom_attrs={"aria-current": rx.cond(period.current, "true", None), "data-testid": "period-" + period.uid},
        )

    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.el.h1(JournalState.title, custom_attrs={"data-testid": "journal-title"}),
                rx.el.span(JournalState.held, class_name="sm muted not-phone"),
                class_name="jhead",
            ),
            rx.el.span(class_name="grow"),
            rx.cond(
                JournalState.read_only,
                rx.el.span(_("view only"), class_name="badge", custom_attrs={"data-testid": "read-only"}),
            ),
            rx.el.label(_("Another journal"), html_for="other", class_name="vh"),
            rx.el.select(
                rx.el.option(_("Another journal"), value=""),
                rx.foreach(JournalState.courses, option),
                id="other",
                value="",
                on_change=lambda href: rx.redirect(href),
                class_name="select",
                style={"width": "15rem"},
                custom_attrs={"data-testid": "other-journal"},
            ),
            class_name="jbar",
        ),
        rx.el.div(
            rx.el.div(
                rx.foreach(JournalState.periods, tab),
                class_name="seg",
                role="group",
                custom_attrs={"aria-label": _("Period")},
            ),
            rx.el.span(class_name="grow"),
            rx.cond(JournalState.read_only, rx.fragment(), _add_lesson()),
            class_name="jbar",
        ),
    )


def _add_lesson() -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("plus"), _("Add a lesson"), class_name="btn sm", custom_attrs={"data-testid": "add-lesson"}),
        rx.el.form(
            field(
                _("Day"),
                rx.el.input(
                    type="date",
                    name="day",
                    id="day",
                    default_value=JournalState.today,
                    required=True,
                    class_name="input",
                ),
                "day",
            ),
            field(
                _("Lesson number"),
                rx.el.input(
                    type="number",
                    name="number",
                    id="number",
                    min="0",
                    max="12",
                    default_value="1",
                    required=True,
                    class_name="input",
                ),
                "number",
            ),
            rx.el.button(
                _("Add the lesson"),
                type="submit",
                class_name="btn primary",
                custom_attrs={"data-testid": "add-lesson-submit"},
            ),
            on_submit=JournalState.add_lesson,
            key=JournalState.today,
            class_name="pop",
        ),
        class_name="jdetails no-print",
    )


def _keys() -> rx.Component:
    def key(*keys: str, label: str) -> rx.Component:
        return rx.el.span(*[rx.el.kbd(one) for one in keys], label, class_name="row")

    return rx.cond(
        JournalState.read_only,
        rx.fragment(),
        rx.el.div(
            key("5", "4", "3", "2", label=_("mark")),
            key("Н", "О", label=_("attendance")),
            key("Enter", label=_("down")),
            key("Tab", label=_("right")),
            key("/", label=_("second mark")),
            key("Delete", label=_("clear")),
            key("F4", label=_("lesson")),
            key("Esc", label=_("leave the table")),
            class_name="hints no-print",
        ),
    )
