"""What a page shows, in the query of its address; the way to sign-in when a session has ended."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "query.js", "anew.js", "address.jsx", "signed_in.jsx")


class Address(rx.Component):
    """Writes `address` into the query; nothing is fetched and no history is made by that."""

    library = _scripts["address.jsx"]
    tag = "Address"

    address: rx.Var[dict[str, str]]


class StillSignedIn(rx.Component):
    """Shown while there is no connection: asks by plain HTTP whether the session lives, else opens the sign-in page."""

    library = _scripts["signed_in.jsx"]
    tag = "StillSignedIn"


class OpenedAnew(rx.Component):
    """Shown when the session is over: asked anew, the server leads to the sign-in page and back."""

    library = _scripts["signed_in.jsx"]
    tag = "OpenedAnew"


def kept_in_address(address: Any) -> rx.Component:
    """For a page: `address` is a variable as `access.page_address.address` makes it."""
    return Address.create(address=address)


def still_signed_in() -> rx.Component:
    return StillSignedIn.create()


def opened_anew() -> rx.Component:
    return OpenedAnew.create()
