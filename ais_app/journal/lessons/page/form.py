"""The form of a lesson: topic, homework, its minutes, the kind of work; saved as a whole."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.web.forms import FORGETS, field, kept_form


def draft_of_the_lesson() -> rx.Var[str]:
    """What the draft of the form is kept under."""
    return "lesson:" + LessonState.lesson_key.split("-")[0]  # pyright: ignore[reportReturnType] - a Var by its operator


def lesson_form() -> rx.Component:
    """Shown for a lesson that this person may write."""
    lesson = LessonState.lesson
    return kept_form(
        draft_of_the_lesson(),
        field(
            _("Topic"),
            rx.el.input(
                name="topic",
                id="topic",
                default_value=lesson.topic,
                max_length=300,
                auto_focus=True,
                class_name="input",
                custom_attrs={"data-testid": "topic"},
            ),
            "topic",
            LessonState.wrong,
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
            LessonState.wrong,
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
                LessonState.wrong,
            ),
            class_name="row between",
        ),
        field(
            _("For which day (if not for the next lesson)"),
            rx.el.input(
                type="date",
                name="due",
                id="due",
                default_value=lesson.due,
                class_name="input",
                custom_attrs={"data-testid": "due"},
            ),
            "due",
            LessonState.wrong,
        ),
        rx.cond(
            lesson.following != "",
            rx.el.p(lesson.following, class_name="xs dim", custom_attrs={"data-testid": "following"}),
        ),
        _kind(),
        rx.el.div(
            rx.el.button(
                _("Save the lesson"), type="submit", class_name="btn sm", custom_attrs={"data-testid": "save-lesson"}
            ),
            rx.el.button(
                _("Cancel"),
                type="button",
                on_click=LessonState.stop_editing,
                class_name="btn sm ghost",
                custom_attrs=FORGETS,
            ),
            class_name="row",
        ),
        on_submit=LessonState.save_lesson,
        no_validate=True,
        key=LessonState.lesson_key,
    )


def _kind() -> rx.Component:
    """The kind of work of the column that the form was opened at: chosen here, written with the rest."""
    lesson = LessonState.lesson
    of_several = rx.fragment(" · ", _("column"), " ", lesson.nth)
    return field(
        rx.fragment(_("Kind of work"), rx.cond(lesson.nth != "", of_several)),
        rx.el.select(
            rx.foreach(LessonState.types, lambda kind: rx.el.option(kind.label, value=kind.uid)),
            name="kind",
            id="kind",
            default_value=lesson.control_type,
            class_name="select",
            custom_attrs={"data-testid": "kind"},
        ),
        "kind",
        LessonState.wrong,
    )
