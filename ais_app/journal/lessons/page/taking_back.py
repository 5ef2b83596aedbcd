"""Taking back what was added by mistake: the buttons, the question before, and the list of what can be put back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.lessons.state.taking_back import TakingBackState
from ais_app.journal.lessons.views import ColumnItem, TakenBackItem
from ais_app.web.forms import FORGETS, OPENS, field, kept_form
from ais_app.web.icons import icon
from ais_app.web.variables import length


def take_back(what: str, uid: Any, label: str, name: str) -> rx.Component:
    """The button that takes a lesson or column back, after a question where it holds marks; `what`: which of both."""
    return rx.el.button(
        icon("undo"),
        label,
        on_click=TakingBackState.take_back({"what": what, "uid": uid}),
        class_name="btn sm ghost",
        custom_attrs={"data-testid": name},
    )


def question(what: str, uid: Any) -> rx.Component:
    """The question before a lesson or column is taken back, with a field for the reason; until it is answered."""
    asked = TakingBackState.asked
    return rx.cond((asked.what == what) & (asked.uid == uid), _question(what, uid))


def _question(what: str, uid: Any) -> rx.Component:
    asked = TakingBackState.asked
    target = f"reason-of-{what}"
    reason = rx.el.input(
        name="reason",
        max_length=500,
        class_name="input",
        custom_attrs={"id": target, "data-testid": "take-back-reason"},
    )
    return kept_form(
        f"take-back-{what}:" + uid,
        rx.el.p(icon("alert"), asked.question, class_name="note warn", role="alert"),
        rx.el.input(type="hidden", name="what", value=what, read_only=True),
        rx.el.input(type="hidden", name="uid", value=uid, read_only=True),
        rx.el.input(type="hidden", name="confirmed", value=asked.question, read_only=True),
        field(_("Reason, for the history"), reason, target, TakingBackState.wrong, "reason"),
        rx.el.div(
            rx.el.button(
                _("Take the lesson back") if what == "lesson" else _("Take the column back"),
                type="submit",
                class_name="btn sm",
                custom_attrs={"data-testid": "take-back-yes"},
            ),
            rx.el.button(
                _("Leave it"),
                type="button",
                on_click=TakingBackState.leave_it,
                class_name="btn sm ghost",
                custom_attrs={**FORGETS, "data-testid": "take-back-no"},
            ),
            class_name="row",
        ),
        on_submit=TakingBackState.take_back,
        no_validate=True,
        class_name="stack asks-back",
        custom_attrs={"data-testid": "take-back-question"},
    )


def columns() -> rx.Component:
    """The columns of the lesson, a form to add another one, and a button to take back one's own."""
    return rx.el.details(
        rx.el.summary(
            _("Columns of the lesson"),
            " ",
            rx.el.span(length(LessonState.columns), class_name="dim count"),
            custom_attrs={"data-testid": "columns"},
        ),
        rx.foreach(LessonState.columns, _column),
        _another(),
        class_name="rollcall writing",
        custom_attrs=OPENS,
    )


def _column(column: ColumnItem) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.span(column.label),
            rx.cond(column.own, take_back("column", column.work, _("Take the column back"), "take-back-column")),
            class_name="rl",
            custom_attrs={"data-testid": "lesson-column-" + column.work},
        ),
        question("column", column.work),
    )


def _another() -> rx.Component:
    lesson = LessonState.lesson
    return kept_form(
        "column:" + lesson.uid,
        rx.el.input(type="hidden", name="lesson", value=lesson.uid, read_only=True),
        rx.el.div(
            field(
                _("Kind of the new column"),
                rx.el.select(
                    rx.foreach(LessonState.types, lambda kind: rx.el.option(kind.label, value=kind.uid)),
                    name="type",
                    default_value=lesson.control_type,
                    class_name="select",
                    # The id is set past Reflex, which would send the field once more under it.
                    custom_attrs={"id": "new-kind", "data-testid": "new-kind"},
                ),
                "new-kind",
                LessonState.wrong,
                "type",
            ),
            rx.el.button(
                icon("plus"),
                type="submit",
                title=_("Another column for this lesson"),
                class_name="btn icon",
                custom_attrs={"aria-label": _("Another column for this lesson"), "data-testid": "add-column"},
            ),
            class_name="pair",
        ),
        on_submit=LessonState.add_column,
        no_validate=True,
        key=lesson.uid + length(LessonState.columns).to_string(),
    )


def taken_back() -> rx.Component:
    """Under the table: what this teacher took back in the course and can put back."""
    return rx.cond(
        length(JournalState.taken_back) > 0,
        rx.el.details(
            rx.el.summary(
                _("Taken back"),
                " ",
                rx.el.span(length(JournalState.taken_back), class_name="dim count"),
                custom_attrs={"data-testid": "taken-back"},
            ),
            rx.el.ul(rx.foreach(JournalState.taken_back, _item), class_name="tl"),
            class_name="takenback no-print",
        ),
    )


def _item(item: TakenBackItem) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(item.title),
            rx.cond(item.text != "", rx.el.p(item.text, class_name="sm muted")),
            class_name="grow",
        ),
        rx.el.button(
            _("Put back"),
            on_click=TakingBackState.put_back({"what": item.what, "uid": item.uid}),
            class_name="btn sm",
            custom_attrs={"data-testid": "put-back-" + item.what},
        ),
    )
