"""The form of a lesson: topic, homework, its minutes, the kind of work; saved as a whole."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.web.forms import FORGETS, field, kept_form, text_field


def draft_of_the_lesson() -> rx.Var[str]:
    """The key under which the browser keeps the draft of the form."""
    return "lesson:" + LessonState.lesson_key.split("-")[0]  # pyright: ignore[reportReturnType] - a Var by its operator


def lesson_form() -> rx.Component:
    """Shown for a lesson that this person may write."""
    lesson = LessonState.lesson
    return kept_form(
        draft_of_the_lesson(),
        text_field(
            _("Topic"),
            "topic",
            LessonState.wrong,
            default_value=lesson.topic,
            max_length=300,
            auto_focus=True,
        ),
        text_field(
            _("Homework"),
            "homework",
            LessonState.wrong,
            control=rx.el.textarea,
            default_value=lesson.homework,
            max_length=2000,
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
            text_field(
                _("Minutes"),
                "minutes",
                LessonState.wrong,
                default_value=lesson.minutes,
                input_mode="numeric",
                max_length=3,
                style={"width": "4.5rem"},
            ),
            class_name="row between",
        ),
        text_field(
            _("For which day (if not for the next lesson)"),
            "due",
            LessonState.wrong,
            type="date",
            default_value=lesson.due,
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
