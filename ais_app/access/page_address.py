"""What a page shows, in its address: `/diary?week=2026-11-09&view=day` (docs/decisions/0007).

A reconnect, a reload, signing in again and a state that the server has forgotten all come back by the address; a click
in the menu, whose address says nothing, by what the tab's state remembers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from ais_app.access.payload import Payload, parse

P = TypeVar("P", bound=Payload)


def asked_address(state: Any, shape: type[P], shown: Mapping[str, str]) -> P | None:
    """What the address of the tab asks for; None when that is `shown` already, or nothing."""
    values = address_in(urlsplit(str(state.router.url)).query, shape)
    now = {name: shown.get(name, "") for name in shape.model_fields}
    return None if not any(values.model_dump().values()) or values.model_dump() == now else values


def address_in(query: str, shape: type[P]) -> P:
    """What a query asks for.

    `shape` has a text for each value, empty when the query does not give it. The query is the client's word (S-40): a
    value that does not fit its shape counts as not given.
    """
    parameters = dict(parse_qsl(query))
    given = {name: parameters[name] for name in shape.model_fields if parameters.get(name)}
    while True:
        try:
            return parse(shape, given)
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
            given = {name: value for name, value in given.items() if name not in wrong} if wrong else {}


def address(path: str, values: Payload) -> dict[str, str]:
    """What `ais_app.web.address` writes into the address of the page at `path`: every value, the empty ones too."""
    return {"at": path, **values.model_dump()}
