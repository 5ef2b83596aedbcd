"""A button that copies the address of the page, which says what the page shows."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.scripts import scripts

_scripts = scripts(__name__.rpartition(".")[0], "copy_link.jsx")


class CopyLink(rx.Component):
    """`words`: {"label", "done"}; `done` is read aloud when the address is copied."""

    library = _scripts["copy_link.jsx"]
    tag = "CopyLink"

    words: rx.Var[dict[str, str]]


def copy_link() -> rx.Component:
    return CopyLink.create(icon("link"), words={"label": _("Copy the link"), "done": _("The link is copied")})
