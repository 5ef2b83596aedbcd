"""Components that write what a page shows into its address, and that lead to sign-in when the session has ended."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "query.js", "anew.js", "address.jsx", "signed_in.jsx")


class Address(rx.Component):
    """Writes `address` into the query of the page's address, without a request and without an entry in the history."""

    library = _scripts["address.jsx"]
    tag = "Address"

    address: rx.Var[dict[str, str]]


class StillSignedIn(rx.Component):
    """Shown while there is no connection: asks by HTTP whether the session exists, else opens the sign-in page."""

    library = _scripts["signed_in.jsx"]
    tag = "StillSignedIn"


class OpenedAnew(rx.Component):
    """Shown when the session is over: loads the page anew, which the server redirects to sign-in and back."""

    library = _scripts["signed_in.jsx"]
    tag = "OpenedAnew"


def kept_in_address(address: Any) -> rx.Component:
    """For a page; `address`: a variable with what `access.page_address.address` returns."""
    return Address.create(address=address)


def still_signed_in() -> rx.Component:
    return StillSignedIn.create()


def opened_anew() -> rx.Component:
    return OpenedAnew.create()
