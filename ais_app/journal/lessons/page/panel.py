"""Beside the grid: the lesson and its roll call, one cell and its history. A drawer where there is no room.

What writes cells here has no handler of its own: the buttons are marked (`data-puts`, `data-calls`, `data-presents`,
`data-comments`), and the grid writes for them, by its one rule and into its one undo (`journal/grid/table/panel.js`, D-49).
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _, capital
from ais_app.journal.attendance.views import RollItem
from ais_app.journal.grid.chips import chip_class, small_chip_class
from ais_app.journal.grid.rules import ABSENT, LATE
from ais_app.journal.grid.state import JournalState
from ais_app.journal.grid.views import HistoryLine
from ais_app.journal.lessons.page.form import draft_of_the_lesson, lesson_form
from ais_app.journal.lessons.page.taking_back import columns, question, take_back
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.remarks.page import remarks
from ais_app.journal.windows.page import request
from ais_app.web.drafts import draft_mark
from ais_app.web.forms import kept_form, text_field
from ais_app.web.history import history_link
from ais_app.web.icons import icon
from ais_app.web.variables import length


def lesson_panel() -> rx.Component:
    """The panel, empty until a cell is chosen."""
    lesson = LessonState.lesson
    return rx.el.aside(
        rx.cond(
            lesson.title != "",
            rx.fragment(_lesson(), rx.cond(LessonState.cell.name != "", _cell())),
            rx.el.section(
                rx.el.p(_("Choose a cell: its lesson and its history appear here."), class_name="muted sm"),
                class_name="not-phone",
            ),
        ),
        class_name=rx.cond(LessonState.drawer, "panel open no-print", "panel no-print"),
        tab_index=-1,
        custom_attrs={"aria-label": _("Lesson and mark"), "data-testid": "lesson-panel"},
    )


def _lesson() -> rx.Component:
    lesson = LessonState.lesson
    return rx.el.section(
        rx.el.div(
            rx.el.h2(lesson.title, custom_attrs={"data-testid": "lesson-title"}),
            rx.el.span(
                rx.cond(  # an open form has what is written nowhere else
                    lesson.open & LessonState.editing,
                    rx.fragment(),
                    rx.fragment(_turn("left", _("The lesson before"), -1), _turn("right", _("The lesson after"), 1)),
                ),
                rx.el.button(
                    icon("close"),
                    on_click=LessonState.close_drawer,
                    class_name="btn ghost sm icon closer",
                    custom_attrs={"aria-label": _("Close"), "data-testid": "close-drawer", "data-closes": "drawer"},
                ),
                class_name="row turns",
            ),
            rx.el.span(lesson.kind, class_name="badge only-phone"),
            class_name="row between",
        ),
        rx.el.p(lesson.place, class_name="xs dim"),
        rx.cond(lesson.why != "", rx.el.p(icon("clock"), lesson.why, class_name="note warn")),
        request(),
        rx.cond(lesson.open & LessonState.editing, lesson_form(), _lesson_text()),
        rx.el.p(capital(_("attendance")), class_name="lbl"),
        _attendance(),
        rx.cond(lesson.open & ~LessonState.editing, rx.fragment(_acts(), question("lesson", lesson.uid))),
        rx.cond(lesson.marks_open, _roll_call()),
        rx.cond(lesson.open & ~LessonState.editing, columns()),
        history_link(_("History of the lesson"), "/operations?entity=lesson&subject=" + lesson.uid, "lesson-history"),
        class_name="lcard",
        custom_attrs={"data-work": LessonState.lesson.work},
    )


def _turn(name: str, label: str, by: int) -> rx.Component:
    return rx.el.button(
        icon(name),
        class_name="btn ghost sm icon",
        custom_attrs={"aria-label": label, "data-testid": f"lesson-{name}", "data-turns": str(by)},
    )


def _lesson_text() -> rx.Component:
    lesson = LessonState.lesson
    return rx.fragment(
        rx.el.p(_("Topic"), class_name="lbl"),
        rx.el.p(
            rx.cond(lesson.topic != "", rx.el.b(lesson.topic), rx.el.span(_("Not written yet"), class_name="dim")),
            custom_attrs={"data-testid": "lesson-topic"},
        ),
        rx.el.p(_("Homework"), class_name="lbl"),
        rx.el.p(
            rx.cond(
                lesson.homework != "",
                lesson.homework,
                rx.cond(lesson.term != "", _term(), rx.el.span(_nothing(), class_name="dim")),
            ),
            custom_attrs={"data-testid": "lesson-homework"},
        ),
        rx.cond(
            lesson.homework != "",
            rx.el.p(
                rx.el.span(lesson.due_words, class_name="badge", custom_attrs={"data-testid": "lesson-due"}),
                rx.cond(
                    lesson.minutes != "",
                    rx.el.span(icon("clock"), lesson.minutes, " ", _("min"), class_name="badge"),
                ),
                class_name="att row",
            ),
        ),
    )


def _term() -> rx.Component:
    """By when the homework that is missing is to be written."""
    lesson = LessonState.lesson
    return rx.el.span(icon("clock"), lesson.term, class_name=rx.cond(lesson.late, "badge warn", "badge"))


def _nothing() -> Any:
    return rx.cond(LessonState.lesson.nothing_set, _("Nothing is set"), _("Not written yet"))


def _acts() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("pen"),
            _("Change the lesson"),
            draft_mark(draft_of_the_lesson()),
            on_click=LessonState.edit({"work": LessonState.lesson.work}),
            class_name="btn sm",
            custom_attrs={"data-testid": "edit-lesson"},
        ),
        rx.cond(
            LessonState.lesson.marks_open,
            rx.el.button(
                _("Everybody is here"),
                class_name="btn sm ghost all",
                custom_attrs={"data-testid": "all-present", "data-presents": ""},
            ),
        ),
        rx.cond(
            LessonState.lesson.added,
            take_back("lesson", LessonState.lesson.uid, _("Take the lesson back"), "take-lesson-back"),
        ),
        class_name="row wrap acts",
    )


def _attendance() -> rx.Component:
    lesson = LessonState.lesson

    def count(value: Any, label: str) -> rx.Component:
        return rx.el.div(rx.el.b(value), rx.el.span(label))

    return rx.el.div(
        count(lesson.present, _("present")),
        count(lesson.ill, _("ill")),
        count(lesson.excused, _("excused")),
        count(lesson.absent, _("no reason")),
        class_name="atts",
        custom_attrs={"data-testid": "attendance"},
    )


def _roll_call() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Roll call"), on_click=LessonState.call_roll, custom_attrs={"data-testid": "roll-call"}),
        rx.foreach(LessonState.roll, _roll_item),
        class_name="rollcall",
    )


def _roll_item(item: RollItem) -> rx.Component:
    def answer(code: str, label: str, title: str) -> rx.Component:
        return rx.el.button(
            label,
            title=title,
            custom_attrs={
                "aria-pressed": rx.cond(item.code == code, "true", "false"),
                "aria-label": title,
                "data-calls": code,
                "data-student": item.student,
            },
        )

    return rx.el.div(
        rx.el.span(item.name),
        rx.el.span(
            answer("", _("here"), _("Present")),
            answer(ABSENT, ABSENT, _("Absent")),
            answer(LATE, LATE, _("Late")),
            class_name="seg",
        ),
        class_name="rl",
        custom_attrs={"data-testid": "roll-" + item.student},
    )


def _cell() -> rx.Component:
    cell = LessonState.cell
    return rx.el.section(
        rx.el.div(
            rx.el.h2(cell.name, custom_attrs={"data-testid": "cell-student"}),
            rx.cond(cell.value != "", rx.el.span(cell.value, class_name=chip_class(cell.value))),
            class_name="row between",
        ),
        rx.el.p(cell.work, class_name="xs dim"),
        rx.cond(cell.open, _pad()),
        rx.cond(
            cell.can_comment,
            _comment_form(),
            rx.cond(cell.comment != "", rx.el.p(icon("comment"), cell.comment, class_name="sm row")),
        ),
        remarks(),
        rx.el.p(_("History of the cell"), class_name="lbl"),
        rx.cond(
            length(LessonState.history) > 0,
            rx.el.ol(
                rx.foreach(LessonState.history, _step), class_name="hist", custom_attrs={"data-testid": "history"}
            ),
            rx.el.p(_("Nothing was entered here yet."), class_name="sm muted"),
        ),
        rx.cond(
            cell.everything != "",
            history_link(_("Everything about the student"), cell.everything, "student-history"),
        ),
        class_name="ccard",
        custom_attrs={"data-cell": cell.place},
    )


def _pad() -> rx.Component:
    def key(value: rx.Var[str]) -> rx.Component:
        return rx.el.button(
            value,
            custom_attrs={
                "aria-pressed": rx.cond(LessonState.cell.value == value, "true", "false"),
                "data-testid": f"pad-{value}",
                "data-puts": value,
            },
        )

    return rx.el.div(
        rx.foreach(JournalState.pad, key),
        class_name="keys not-phone",
        role="group",
        custom_attrs={"aria-label": _("Enter with the mouse")},
    )


def _comment_form() -> rx.Component:
    cell = LessonState.cell
    return kept_form(
        "comment:" + cell.place,
        text_field(_("Comment for the family"), "comment", default_value=cell.comment, max_length=500),
        rx.el.button(
            _("Save the comment"),
            type="submit",
            class_name="btn sm",
            custom_attrs={"data-testid": "save-comment"},
        ),
        custom_attrs={"data-comments": ""},
        key=cell.place + cell.comment,
    )


def _step(step: HistoryLine) -> rx.Component:
    def value(text: Any) -> rx.Component:
        return rx.cond(
            text != "",
            rx.el.span(text, class_name=small_chip_class(text)),
            rx.el.span(_("empty"), class_name="xs dim"),
        )

    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.cond(step.before != "", rx.fragment(value(step.before), icon("arrow")), rx.fragment()),
                value(step.after),
                rx.el.b(step.who),
                class_name="row",
            ),
            rx.el.span(
                step.when,
                rx.cond(step.reason != "", rx.fragment(" · ", _("Reason:"), " ", step.reason), rx.fragment()),
                class_name="xs",
            ),
            rx.cond(
                step.opening != "",
                rx.el.span(_("Entered by an opening:"), " ", step.opening, class_name="xs"),
                rx.fragment(),
            ),
        )
    )
