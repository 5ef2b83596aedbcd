"""The diary page: the spread of a week; on a phone one day with a strip of days above it."""

from __future__ import annotations

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.diary.children import children_switch
from ais_app.diary.page.day import shown_day, tab
from ais_app.diary.page.opened import opened_mark
from ais_app.diary.page.printed import print_head
from ais_app.diary.page.pupils import pupils
from ais_app.diary.page.summary import summary
from ais_app.diary.page.tasks import coming_tasks
from ais_app.diary.page.weeks import weeks
from ais_app.diary.state import DiaryState
from ais_app.i18n import _
from ais_app.school.page_frame import in_page_frame
from ais_app.web.address import kept_in_address
from ais_app.web.fetched import fetched
from ais_app.web.icons import icon
from ais_app.web.shell import empty, failed, loading, print_button, segment
from ais_app.web.variables import one_of


def diary_page() -> rx.Component:
    """`/diary`"""
    return in_page_frame(
        kept_in_address(DiaryState.address),
        fetched(DiaryState, NoticeState, heard=DiaryState.heard),
        rx.el.div(
            rx.match(
                DiaryState.status,
                ("ready", _opened()),
                ("class", pupils()),
                ("nobody", _nobody()),
                ("error", _failed()),
                _loading(),
            ),
            class_name="page",
        ),
    )


def _opened() -> rx.Component:
    """The week, or that it is being opened, is not there or could not be read."""
    shown = rx.cond(DiaryState.week != "", _week(), _loading())
    return one_of(DiaryState.unread, ("gone", _nobody()), ("failed", _failed()), shown)


def _failed() -> rx.Component:
    return failed(_("The diary could not be opened"), DiaryState.open_page)


def _loading() -> rx.Component:
    return loading(_("The diary is being opened"))


def _nobody() -> rx.Component:
    return empty(
        _("There is no diary here"),
        rx.cond(
            DiaryState.of_a_class,
            _("You lead no class today, or its list is still empty. The school's administrator sets both."),
            _("No student is linked to this account today. The class teacher can tell why."),
        ),
        sign="diary",
    )


def _week() -> rx.Component:
    return rx.fragment(
        children_switch(DiaryState),
        rx.cond(DiaryState.of_a_class, _back()),
        rx.el.div(
            weeks(),
            rx.el.div(
                rx.el.div(_views("diary-view", "week", _("Week"), "day", _("Day")), class_name="not-phone"),
                rx.el.div(_views("phone-view", "week", _("Days")), class_name="only-phone"),
                rx.el.button(
                    _("This week"),
                    on_click=DiaryState.turn({"by": 0}),
                    class_name="btn ghost not-phone",
                    custom_attrs={"data-testid": "week-now"},
                ),
                print_button(_("Print the week"), "print-week"),
                class_name="row views",
            ),
            class_name="pagehead no-print",
        ),
        rx.cond(DiaryState.view == "tasks", coming_tasks()),
        rx.el.div(
            rx.cond(DiaryState.summary.idle != "", _no_lessons(), _spread()),
            class_name=rx.cond(DiaryState.view == "tasks", "print-only", ""),
        ),
        opened_mark(DiaryState, DiaryState.days),
    )


def _views(test_id: str, *ways: str) -> rx.Component:
    """How the diary is looked at. On a phone week and day are the same: a strip of days above one of them."""
    shown = DiaryState.view if "day" in ways else rx.cond(DiaryState.view == "tasks", "tasks", "week")
    return segment(
        _("View"),
        (*ways, "tasks", _("Homework only")),
        shown,
        lambda view: DiaryState.choose_view({"view": view}),
        test_id,
    )


def _no_lessons() -> rx.Component:
    return rx.el.section(
        empty(
            _("There are no lessons this week"),
            DiaryState.summary.idle,
            rx.cond(
                DiaryState.summary.after != "",
                rx.el.button(
                    DiaryState.summary.after,
                    on_click=DiaryState.turn({"by": DiaryState.summary.after_weeks}),
                    class_name="btn",
                    custom_attrs={"data-testid": "empty-week-after"},
                ),
            ),
            sign="diary",
        ),
        class_name="card",
    )


def _spread() -> rx.Component:
    return rx.el.div(
        print_head(),
        rx.el.div(_strip(), _days(), class_name="print-body"),
        class_name="printed",
    )


def _strip() -> rx.Component:
    return rx.el.div(
        rx.foreach(DiaryState.days, tab),
        class_name=rx.cond(DiaryState.view == "day", "dtabs shown", "dtabs"),
        role="tablist",
        custom_attrs={"aria-label": _("Day of the week")},
    )


def _days() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(DiaryState.days, lambda day: rx.cond(day.left, shown_day(day))), class_name="lf"),
        rx.el.div(
            rx.foreach(DiaryState.days, lambda day: rx.cond(day.left, rx.fragment(), shown_day(day))),
            summary(),
            class_name="rt",
        ),
        class_name=rx.cond(DiaryState.view == "day", "spread one", "spread"),
        custom_attrs={"data-testid": "diary"},
    )


def _back() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("left"),
            _("To the class"),
            on_click=DiaryState.to_the_class,
            class_name="btn",
            custom_attrs={"data-testid": "to-the-class"},
        ),
        rx.el.b(DiaryState.pupil, custom_attrs={"data-testid": "diary-pupil"}),
        rx.el.span(_("view only"), class_name="badge"),
        class_name="row no-print",
    )
