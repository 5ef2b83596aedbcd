"""Views that a page reads by plain requests and not by its socket; the contract stands in docs/architecture.md."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "fetched.js", "fetched.jsx")


class Fetched(rx.Component):
    """Reads what is `wanted` ({n, at, seq}) and sets the variables of `state` in the browser by what comes."""

    library = _scripts["fetched.jsx"]
    tag = "Fetched"

    state: rx.Var[str]
    wanted: rx.Var[dict[str, Any]]
    heard: rx.Var[dict[str, Any]]
    timed: rx.Var[str]


def fetched(state: Any, *, timed: str = "", heard: Any = None) -> rx.Component:
    """For a page: `state` has `wanted`; of what comes, the variable `timed` gets the server's moment as `now`.

    `heard` names what the socket has brought of a change since ({at, seq}): no older answer covers it.
    """
    more = {} if heard is None else {"heard": heard}
    return Fetched.create(state=state.get_full_name(), wanted=state.wanted, timed=timed, **more)
