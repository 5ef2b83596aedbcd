"""A native dialog: Esc and «close» leave it, the focus goes back; one that destroys asks for words first."""

from __future__ import annotations

import re
from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.kit.keys import focus_wrong
from ais_app.web.scripts import scripts

_scripts = scripts(__name__.rpartition(".")[0], "dialog.jsx")


class Dialog(rx.Component):
    """A `<dialog>` that buttons with `data-opens-dialog` of its id open; it closes when `finished` changes."""

    library = _scripts["dialog.jsx"]
    tag = "Dialog"

    name: rx.Var[str]
    finished: rx.Var[str]
    words: rx.Var[dict[str, str]]


def dialog(name: str, title: Any, *content: rx.Component, finished: Any = "") -> rx.Component:
    """`name`: its id on the page. `finished`: a variable whose change closes it, after what it asks was done.

    A button within it with `CLOSES_DIALOG` closes it.
    """
    return Dialog.create(
        rx.el.h2(title, custom_attrs={"id": f"{name}-title"}),
        *content,
        name=name,
        finished=finished,
        words={"close": _("Close")},
    )


CLOSES_DIALOG = {"data-closes-dialog": "true"}


def opens_dialog(name: str) -> dict[str, str]:
    """The attributes of a button that opens the dialog."""
    return {"data-opens-dialog": name, "aria-haspopup": "dialog", "data-testid": f"open-{name}"}


def cancel_button() -> rx.Component:
    return rx.el.button(_("Cancel"), type="button", class_name="btn", custom_attrs=CLOSES_DIALOG)


def destroying(
    name: str,
    title: Any,
    explained: Any,
    words: str,
    label: str,
    on_submit: Any,
    errors: Any,
    hidden: Any = None,
    finished: Any = "",
) -> rx.Component:
    """A dialog for what cannot be undone: one types `words` before the button `label` works.

    `explained`: what goes, and what stays. The event gets {"words", …hidden}, and checks the words itself; `errors`: a
    variable with `FormErrors`, of "words".
    """
    target = f"{name}-words"
    return dialog(
        name,
        title,
        rx.el.p(explained),
        rx.el.form(
            focus_wrong(errors.first, errors.said),
            *[
                rx.el.input(type="hidden", name=key, value=value, read_only=True)
                for key, value in (hidden or {}).items()
            ],
            rx.el.div(
                rx.el.label(_("To go on, type:"), " ", rx.el.b(words), html_for=target),
                rx.el.input(
                    type="text",
                    name="words",
                    required=True,
                    pattern=rf"\s*{re.escape(words)}\s*".replace(r"\ ", " "),
                    max_length=80,
                    class_name="input",
                    custom_attrs={
                        "id": target,
                        "autoComplete": "off",
                        "title": words,
                        "data-testid": target,
                        "aria-invalid": rx.cond(errors.texts["words"], "true", None),
                        "aria-describedby": rx.cond(errors.texts["words"], f"{target}-wrong", None),
                    },
                ),
                rx.cond(
                    errors.texts["words"],
                    rx.el.span(
                        errors.texts["words"],
                        key=errors.said,
                        class_name="err",
                        role="alert",
                        custom_attrs={"id": f"{target}-wrong"},
                    ),
                ),
                class_name="field",
            ),
            rx.el.div(
                rx.el.button(
                    label, type="submit", class_name="btn danger solid", custom_attrs={"data-testid": f"{name}-yes"}
                ),
                cancel_button(),
                class_name="row wrap",
            ),
            on_submit=on_submit,
            class_name="stack",
        ),
        finished=finished,
    )
