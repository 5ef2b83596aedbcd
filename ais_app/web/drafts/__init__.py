"""Drafts of forms on the device (D-50): they outlive a lost connection, an ended session, a click elsewhere."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "uid.js", "afar.js", "drafts.js", "draft.jsx")


class DraftKeeper(rx.Component):
    """In the top bar: whose drafts these are, on what device, and which of them are `spent`, since they were saved."""

    library = _scripts["draft.jsx"]
    tag = "DraftKeeper"

    account: rx.Var[str]
    personal: rx.Var[bool]
    spent: rx.Var[list[str]]


class Draft(rx.Component):
    """In a form: keeps its fields under `thing`, restores them, and tells so."""

    library = _scripts["draft.jsx"]
    tag = "Draft"

    thing: rx.Var[str]
    labels: rx.Var[dict[str, Any]]


class DraftMark(rx.Component):
    """Beside what opens a form: tells that it has a draft of `thing`."""

    library = _scripts["draft.jsx"]
    tag = "DraftMark"

    thing: rx.Var[str]
    label: rx.Var[str]


def draft_mark(thing: Any) -> rx.Component:
    return DraftMark.create(thing=thing, label=_("draft"))


def draft_keeper(account: Any, personal: Any, spent: Any) -> rx.Component:
    return DraftKeeper.create(account=account, personal=personal, spent=spent)


def draft_of(thing: Any) -> rx.Component:
    """The draft of a form. `thing`: what the form is about, by ids only: `lesson:<uid>`."""
    return Draft.create(
        icon("pen"),
        thing=thing,
        labels={
            "restored": _("The draft is restored"),
            "discard": _("Discard the draft"),
            "changed": _("This was changed meanwhile. What is written now:"),
            "empty": _("empty"),
        },
    )
