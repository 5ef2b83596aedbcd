"""The list of courses."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.courses.views import CourseCard
from ais_app.journal.grid.state import JournalState
from ais_app.journal.overview.page import overview
from ais_app.journal.overview.state import JournalsState
from ais_app.school.page_frame import in_page_frame
from ais_app.web.shell import empty, failed, loading
from ais_app.web.variables import length


def list_page() -> rx.Component:
    """`/journal`: the courses this person may read, today's first; for who looks after a school, how each is kept."""

    return in_page_frame(rx.el.div(rx.cond(JournalsState.shown, overview(), _own_list()), class_name="page"))


def _own_list() -> rx.Component:
    return rx.fragment(
        rx.el.div(rx.el.h1(_("Journals")), class_name="pagehead"),
        rx.cond(
            length(JournalState.courses) > 0,
            rx.el.div(
                rx.foreach(JournalState.courses, _card), class_name="cards", custom_attrs={"data-testid": "courses"}
            ),
            rx.match(
                JournalState.status,
                (
                    "ready",
                    empty(
                        _("No journals yet"),
                        _("Courses appear here as soon as the workload of the year is entered."),
                    ),
                ),
                ("error", failed(_("The journals could not be shown"), JournalState.open_list)),
                loading(_("The journals are being opened")),
            ),
        ),
    )


def _card(course: CourseCard) -> rx.Component:
    return rx.el.a(
        rx.el.h2(course.title),
        rx.el.span(course.teacher, class_name="sm muted"),
        rx.cond(course.today != "", rx.el.small(course.today)),
        href=course.href,
        class_name=rx.cond(course.today != "", "card now", "card"),
        custom_attrs={"data-testid": "course-" + course.uid},
    )
