"""A field for one file: chosen or dropped, sent at once to a streamed route, with its progress and a way to stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.scripts import scripts

_scripts = scripts(__name__.rpartition(".")[0], "file_field.jsx")


class FileField(rx.Component):
    """Sends the file as the body of a POST to `to`, its name in `x-file-name`, percent-encoded.

    A route answers 2xx with a JSON object, which `on_sent` gets, or an error with {"error": sentence}.
    """

    library = _scripts["file_field.jsx"]
    tag = "FileField"

    name: rx.Var[str]
    to: rx.Var[str]
    endings: rx.Var[list[str]]
    largest: rx.Var[int]
    words: rx.Var[dict[str, str]]
    on_sent: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def file_field(
    label: str, name: str, to: Any, endings: Sequence[str], largest: int, on_sent: Any, help_text: str = ""
) -> rx.Component:
    """`endings` of names with their dots, `largest` in bytes: both are said before, and checked again by the route."""
    types, most = ", ".join(one.removeprefix(".").upper() for one in endings), megabytes(largest)
    bounds = _("{types}, up to {size}").format(types=types, size=most)
    words = {
        "label": label,
        "help": f"{help_text} {bounds}".strip(),
        "choose": _("Choose a file"),
        "drop": _("or drag it here"),
        "cancel": _("Stop sending"),
        "another": _("Another file"),
        "sending": _("Sending: {percent} %"),
        "sent": _("The file is received"),
        "stopped": _("Sending was stopped. Nothing was received."),
        "wrongType": _("This is a file of another kind. What fits: {types}.").format(types=types),
        "tooLarge": _("The file is too large: at most {size}.").format(size=most),
        "empty": _("The file is empty."),
        "one": _("One file at a time, please."),
        "refused": _("The file was not received. Try again; if it happens once more, tell the administrator."),
        "offline": _("There is no connection. The file was not received."),
        "units": _("B KB MB"),
    }
    return FileField.create(
        icon("upload"), name=name, to=to, endings=list(endings), largest=largest, words=words, on_sent=on_sent
    )


def megabytes(size: int) -> str:
    """«20 MB», «512 KB»."""
    if size >= 1024 * 1024:
        return _("{count} MB").format(count=size // (1024 * 1024))
    return _("{count} KB").format(count=size // 1024)
