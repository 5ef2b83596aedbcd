"""Fields of forms: a control under its label, and beneath it what is wrong with it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ais_app.db.columns import new_uid
from ais_app.web.drafts import draft_of
from ais_app.web.icons import icon


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a form: the name of its field, and the sentence to show beneath it.

    `said`: a new uid each time, so that screen readers read the same sentence once more.
    """

    field: str = ""
    text: str = ""
    said: str = dataclasses.field(default="", compare=False)


def wrong(name: str, text: str) -> Wrong:
    """The field `name` is wrong; `text` is the sentence why."""
    return Wrong(name, text, new_uid())


def kept_form(thing: Any, *content: rx.Component, **properties: Any) -> rx.Component:
    """A form whose fields are kept on the device until it is saved; every form with something to type must be one.

    `thing`: what it is about, by ids only (`lesson:<uid>`). Its payload is an `access.payload.Form`. A button with
    `FORGETS` discards the draft; a `<details>` with `OPENS` around the form opens when there is a draft.
    """
    return rx.el.form(draft_of(thing), *content, **properties)


FORGETS = {"data-forgets-draft": "true"}
OPENS = {"data-opens-with-draft": "true"}


def field(label: Any, control: rx.Component, target: str, state: Any = None, name: str = "") -> rx.Component:
    """A control under its label, a text or a component. `target`: the control's id.

    `state`: the `Wrong` of the state that takes the form; when it is about this field (`name`, if that is not the id
    too), the control is red and the sentence is shown beneath it, read aloud at once.
    """
    heading = rx.el.label(label, html_for=target)
    if state is None:
        return rx.el.div(heading, control, class_name="field")
    is_wrong, sentence = state.field == (name or target), f"{target}-wrong"
    control.custom_attrs = {
        **control.custom_attrs,
        "aria-invalid": rx.cond(is_wrong, "true", None),
        "aria-describedby": rx.cond(is_wrong, sentence, None),
    }
    beneath = rx.el.span(
        icon("alert"),
        state.text,
        key=state.said,
        id=sentence,
        class_name="err",
        role="alert",
        custom_attrs={"data-testid": sentence},
    )
    return rx.el.div(heading, control, rx.cond(is_wrong, beneath), class_name="field")


def text_field(
    label: Any, name: str, state: Any = None, *, control: Any = rx.el.input, test_id: str = "", **properties: Any
) -> rx.Component:
    """A text field of one line under its label, or another `control`. Its id is its name."""
    marks = {"data-testid": test_id or name}
    return field(label, control(name=name, id=name, class_name="input", custom_attrs=marks, **properties), name, state)
