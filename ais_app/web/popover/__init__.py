"""The popover that a tap, a click or Enter on a button opens: beside the button, on a phone from below.

The browser closes it on Escape and on a click outside.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "popover.jsx")


class Popover(rx.Component):
    """The popover of a page; `shown` is the key of what its content is about now."""

    library = _scripts["popover.jsx"]
    tag = "Popover"

    shown: rx.Var[str]
    live: rx.Var[Any]
    labels: rx.Var[dict[str, str]]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def popover(title: str, shown: Any, live: Any, on_open: Any, *content: rx.Component) -> rx.Component:
    """The popover of a page. `on_open` is called with {"key": …} of the button and sets `shown` and the content.

    It is called again when `live` changes while the popover is open.
    """
    labels = {"title": title, "close": _("Close")}
    return Popover.create(*content, shown=shown, live=live, on_open=on_open, labels=labels)


def opener(key: Any, about: Any, *content: Any, **properties: Any) -> rx.Component:
    """A button that opens the popover for `key`; `about` is shown at once, before the content has come."""
    attributes = properties.pop("custom_attrs", {})
    return rx.el.button(
        *content,
        type="button",
        custom_attrs={"data-opens": key, "data-about": about, "aria-haspopup": "dialog", **attributes},
        **properties,
    )
