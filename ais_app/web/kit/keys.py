"""Keys of rows and tabs; the focus on the first wrong field of a form."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.scripts import scripts

_scripts = scripts(__name__.rpartition(".")[0], "keys.jsx")


class Keys(rx.Component):
    """↑ ↓ Home End among the rows of a table, ← → Home End among tabs."""

    library = _scripts["keys.jsx"]
    tag = "Keys"


class FocusWrong(rx.Component):
    """In a form: gives the focus to the field `first` whenever `said` changes."""

    library = _scripts["keys.jsx"]
    tag = "FocusWrong"

    first: rx.Var[str]
    said: rx.Var[str]


def keys() -> rx.Component:
    return Keys.create()


def focus_wrong(first: Any, said: Any) -> rx.Component:
    return FocusWrong.create(first=first, said=said)
