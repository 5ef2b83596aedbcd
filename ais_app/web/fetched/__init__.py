"""Views that a page reads by plain requests and not by its socket; docs/architecture.md has the contract."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "fetched.js", "fetched.jsx")


class Fetched(rx.Component):
    """Requests the view that is `wanted` ({n, at, seq}) and sets the variables of `state` in the browser by the answer.

    `unread` of `state` becomes "failed" or "gone" where no view comes; `says` is the state whose notice shows `words`.
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
    """For a page: `state` has `wanted` and `unread`, `says` shows notices. The address of a view is below its page's.

    The variable `timed` of the answer gets the server's moment as `now`. `heard` ({at, seq}) names the last change that
    the socket has brought: no older answer replaces it.
    """
    more = {} if heard is None else {"heard": heard}
    names = {"state": state.get_full_name(), "says": says.get_full_name()}
    words = _("This could not be shown. Error code: {code}")
    return Fetched.create(**names, words=words, wanted=state.wanted, timed=timed, **more)
