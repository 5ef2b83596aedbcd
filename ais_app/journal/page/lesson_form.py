"""The form of a lesson: topic, homework, its minutes; the kinds of its works."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.state import JournalState, LessonState
from ais_app.journal.views import TypeOption
from ais_app.web.forms import FORGETS, field, kept_form
from ais_app.web.icons import icon


def draft_of_the_lesson() -> rx.Var[str]:
    """What the draft of the form is kept under."""
    return "lesson:" + LessonState.lesson_key.split("-")[0]  # pyright: ignore[reportReturnType] - a Var by its operator


def lesson_form() -> rx.Component:
    """Shown for a lesson that this person may write."""
    return rx.fragment(_texts(), _kinds())


def _texts() -> rx.Component:
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


def _kinds() -> rx.Component:
    def option(kind: TypeOption) -> rx.Component:
        return rx.el.option(kind.label, value=kind.uid)

    chosen = LessonState.lesson.control_type
    return rx.el.div(
        field(
            _("Kind of work"),
            rx.el.select(
                rx.foreach(JournalState.types, option),
                id="kind",
                value=chosen,
                on_change=lambda kind: LessonState.change_type({"type": kind}),
                class_name="select",
                custom_attrs={"data-testid": "kind"},
            ),
            "kind",
        ),
        rx.el.button(
            icon("plus"),
            on_click=LessonState.add_column({"type": chosen}),
            title=_("Another column for this lesson"),
            class_name="btn icon",
            custom_attrs={"aria-label": _("Another column for this lesson"), "data-testid": "add-column"},
        ),
        class_name="pair",
        style={"marginTop": "var(--s-3)"},
    )
