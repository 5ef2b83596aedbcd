"""The panel beside the grid: the lesson, the roll call, one cell and its history."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.state import JournalState
from ais_app.journal.views import HistoryItem, RollItem, TypeOption
from ais_app.web.icons import icon
from ais_app.web.shell import field, mark_class


def lesson_panel() -> rx.Component:
    """The panel, empty until a cell is chosen."""
    lesson = JournalState.lesson
    return rx.el.aside(
        rx.cond(
            lesson.title != "",
            rx.fragment(
                rx.el.section(
                    rx.el.h2(lesson.title, custom_attrs={"data-testid": "lesson-title"}),
                    rx.el.p(lesson.place, class_name="sm muted"),
                    rx.cond(lesson.why != "", rx.el.p(lesson.why, class_name="note warn")),
                    rx.cond(lesson.open, _lesson_form(), _lesson_text()),
                    rx.el.p(_("At the lesson"), class_name="lbl"),
                    _attendance(),
                ),
                rx.cond(JournalState.cell.name != "", _cell()),
            ),
            rx.el.section(rx.el.p(_("Choose a cell: its lesson and its history appear here."), class_name="muted sm")),
        ),
        class_name="panel no-print",
        custom_attrs={"aria-label": _("Lesson"), "data-testid": "lesson-panel"},
    )


def _lesson_text() -> rx.Component:
    lesson = JournalState.lesson
    return rx.fragment(
        rx.el.p(_("Topic"), class_name="lbl"),
        rx.el.p(
            rx.el.b(rx.cond(lesson.topic != "", lesson.topic, _("Not written yet"))),
            custom_attrs={"data-testid": "lesson-topic"},
        ),
        rx.el.p(_("Homework"), class_name="lbl"),
        rx.el.p(
            rx.cond(
                lesson.homework != "",
                lesson.homework,
                rx.cond(lesson.nothing_set, _("Nothing is set"), _("Not written yet")),
            ),
            custom_attrs={"data-testid": "lesson-homework"},
        ),
    )


def _lesson_form() -> rx.Component:
    lesson = JournalState.lesson

    def option(kind: TypeOption) -> rx.Component:
        return rx.el.option(kind.label, value=kind.uid)

    return rx.fragment(
        rx.el.form(
            field(
                _("Topic"),
                rx.el.input(
                    name="topic",
                    id="topic",
                    default_value=lesson.topic,
                    max_length=300,
                    class_name="input",
                    custom_attrs={"data-testid": "topic"},
                ),
                "topic",
            ),
            field(
                _("Homework"),
                rx.el.textarea(
                    name="homework",
                    id="homework",
                    default_value=lesson.homework,
                    max_length=2000,
                    class_name="input",
                    custom_attrs={"data-testid": "homework"},
                ),
                "homework",
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name="nothing_set",
                        default_checked=lesson.nothing_set,
                        custom_attrs={"data-testid": "nothing-set"},
                    ),
                    rx.el.span(_("Nothing is set")),
                    class_name="chk",
                ),
                field(
                    _("Minutes"),
                    rx.el.input(
                        name="minutes",
                        id="minutes",
                        default_value=lesson.minutes,
                        input_mode="numeric",
                        max_length=3,
                        class_name="input",
                        style={"width": "4.5rem"},
                    ),
                    "minutes",
                ),
                class_name="row between",
            ),
            rx.el.button(
                _("Save the lesson"), type="submit", class_name="btn", custom_attrs={"data-testid": "save-lesson"}
            ),
            on_submit=JournalState.save_lesson,
            key=JournalState.lesson_key,
        ),
        rx.el.div(
            field(
                _("Kind of work"),
                rx.el.select(
                    rx.foreach(JournalState.types, option),
                    id="kind",
                    value=lesson.control_type,
                    on_change=lambda kind: JournalState.change_type({"type": kind}),
                    class_name="select",
                    custom_attrs={"data-testid": "kind"},
                ),
                "kind",
            ),
            rx.el.button(
                icon("plus"),
                on_click=JournalState.add_column({"type": lesson.control_type}),
                title=_("Another column for this lesson"),
                class_name="btn icon",
                custom_attrs={"aria-label": _("Another column for this lesson"), "data-testid": "add-column"},
            ),
            class_name="pair",
            style={"marginTop": "var(--s-3)"},
        ),
    )


def _attendance() -> rx.Component:
    lesson = JournalState.lesson

    def count(value: Any, label: str) -> rx.Component:
        return rx.el.div(rx.el.b(value), rx.el.span(label))

    return rx.fragment(
        rx.el.div(
            count(lesson.present, _("present")),
            count(lesson.ill, _("ill")),
            count(lesson.excused, _("excused")),
            count(lesson.absent, _("no reason")),
            class_name="atts",
            custom_attrs={"data-testid": "attendance"},
        ),
        rx.cond(
            lesson.marks_open,
            rx.el.details(
                rx.el.summary(_("Roll call"), custom_attrs={"data-testid": "roll-call"}),
                rx.foreach(JournalState.roll, _roll_line),
                class_name="rollcall",
            ),
        ),
    )


def _roll_line(line: RollItem) -> rx.Component:
    def answer(code: str, label: str, title: str) -> rx.Component:
        return rx.el.button(
            label,
            on_click=JournalState.call_roll({"student": line.student, "code": code}),
            title=title,
            custom_attrs={"aria-pressed": rx.cond(line.code == code, "true", "false"), "aria-label": title},
        )

    return rx.el.div(
        rx.el.span(line.name),
        rx.el.span(
            answer("", _("here"), _("Present")),
            answer("н", "н", _("Absent")),
            answer("о", "о", _("Late")),
            class_name="seg",
        ),
        class_name="rl",
        custom_attrs={"data-testid": "roll-" + line.student},
    )


def _cell() -> rx.Component:
    cell = JournalState.cell
    return rx.el.section(
        rx.el.div(
            rx.el.h2(cell.name, custom_attrs={"data-testid": "cell-student"}),
            rx.cond(cell.value != "", rx.el.span(cell.value, class_name=mark_class(cell.value))),
            class_name="row between",
        ),
        rx.el.p(cell.work, class_name="sm muted"),
        rx.cond(
            cell.can_comment,
            rx.el.form(
                field(
                    _("Comment for the family"),
                    rx.el.input(
                        name="comment",
                        id="comment",
                        default_value=cell.comment,
                        max_length=500,
                        class_name="input",
                        custom_attrs={"data-testid": "comment"},
                    ),
                    "comment",
                ),
                rx.el.button(
                    _("Save the comment"),
                    type="submit",
                    class_name="btn sm",
                    custom_attrs={"data-testid": "save-comment"},
                ),
                on_submit=JournalState.comment,
                key=cell.name + cell.work + cell.comment,
            ),
            rx.cond(cell.comment != "", rx.el.p(cell.comment, class_name="sm")),
        ),
        rx.el.p(_("History of the cell"), class_name="lbl"),
        rx.cond(
            JournalState.history.length() > 0,
            rx.el.ol(
                rx.foreach(JournalState.history, _step), class_name="hist", custom_attrs={"data-testid": "history"}
            ),
            rx.el.p(_("Nothing was entered here yet."), class_name="sm muted"),
        ),
    )


def _step(step: HistoryItem) -> rx.Component:
    def value(text: Any) -> rx.Component:
        return rx.cond(text != "", rx.el.b(text), rx.el.span(_("empty"), class_name="dim"))

    return rx.el.li(
        rx.el.div(
            rx.cond(step.before != "", rx.fragment(value(step.before), " → "), rx.fragment()),
            value(step.after),
            " ",
            step.who,
            rx.el.span(step.when, class_name="xs"),
        )
    )
