"""A search field: `/` goes to it, Esc clears it, the words are sent when the typing pauses."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.icons import icon
from ais_app.web.kit.keys import keys
from ais_app.web.scripts import scripts

_scripts = scripts(__name__.rpartition(".")[0], "search_field.jsx")


class SearchInput(rx.Component):
    """The input; `value` is what the server has searched for, `on_search` gets {"name", "value"}."""

    library = _scripts["search_field.jsx"]
    tag = "SearchInput"

    name: rx.Var[str]
    value: rx.Var[str]
    longest: rx.Var[int]
    words: rx.Var[dict[str, str]]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def search_field(label: str, value: Any, on_search: Any, hint: str = "", name: str = "q") -> rx.Component:
    """`hint`: what may be searched for, shown while it is empty."""
    words = {"label": label, "hint": hint}
    return rx.fragment(
        keys(),
        rx.el.div(
            icon("search"),
            SearchInput.create(name=name, value=value, longest=80, words=words, on_search=on_search),
            class_name="ksearch",
        ),
    )
