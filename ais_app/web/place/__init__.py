"""The place of a page in its address, and the way to the sign-in page when the line is down for want of a session."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.scripts import scripts

_scripts = scripts(__name__, "place.js", "address.jsx", "signed_in.jsx")


class Address(rx.Component):
    """Writes `place` into the query of the address; nothing is fetched and no history is made by that."""

    library = _scripts["address.jsx"]
    tag = "Address"

    place: rx.Var[dict[str, str]]


class StillSignedIn(rx.Component):
    """Stands where the line is down: asks by plain HTTP whether the session lives, else opens the sign-in page."""

    library = _scripts["signed_in.jsx"]
    tag = "StillSignedIn"


def kept_in_address(place: Any) -> rx.Component:
    """For a page: `place` is a variable as `access.place.address` makes it."""
    return Address.create(place=place)


def still_signed_in() -> rx.Component:
    return StillSignedIn.create()
