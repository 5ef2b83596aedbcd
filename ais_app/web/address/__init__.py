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


def kept_in_address(address: Any) -> rx.Component:
    """For a page: `address` is a variable as `access.page_address.address` makes it."""
    return Address.create(address=address)


def still_signed_in() -> rx.Component:
    return StillSignedIn.create()
