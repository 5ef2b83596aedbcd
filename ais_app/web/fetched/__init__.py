"""Views that a page reads by plain requests and not by its socket; the contract stands in docs/architecture.md."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "fetched.js", "fetched.jsx")


class Fetched(rx.Component):
    """Reads what is `wanted` ({n, at, seq}) and sets the variables of `state` in the browser by what comes.

    Its `unread` becomes "failed" or "gone" where no view comes; `says` is the state that tells the `words` for a code.
    """

    library = _scripts["fetched.jsx"]
    tag = "Fetched"

    state: rx.Var[str]
    says: rx.Var[str]
    words: rx.Var[str]
    wanted: rx.Var[dict[str, Any]]
    heard: rx.Var[dict[str, Any]]
    timed: rx.Var[str]


def fetched(state: Any, says: Any, *, timed: str = "", heard: Any = None) -> rx.Component:
    """For a page: `state` has `wanted` and `unread`, `says` says something once. The address of a view lies beneath
    that of its page. Of what comes, the variable `timed` gets the server's moment as `now`.

    `heard` names what the socket has brought of a change since ({at, seq}): no older answer covers it.
    """
    more = {} if heard is None else {"heard": heard}
    names = {"state": state.get_full_name(), "says": says.get_full_name()}
    words = _("This could not be shown. Error code: {code}")
    return Fetched.create(**names, words=words, wanted=state.wanted, timed=timed, **more)
