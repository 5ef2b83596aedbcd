"""What an attacker sends: payloads made from the shapes that handlers expect, with hostile values in every place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ais_app.access.payload import Payload
from ais_app.access.policy import permission_of

NAUGHTY: list[str] = json.loads(
    (Path(__file__).parent / "fixtures" / "naughty_strings" / "blns.json").read_text(encoding="utf-8")
)
DAYS = ["2026-11-23", "2026-11-20", "2026-11-24", "2026-10-20", "2026-02-30", "2026-99-99", "0001-01-01", "9999-12-31"]
TEXTS = ["", "5", "н", "о15", "5/4", "\x00", "a\x00b", "\ud800", "５", "x" * 600, "  ", "-1", "NaN", "' OR 1=1 --"]
NUMBERS = ["0", "1", "2", "7", "99", "240", "9999", "٣", "1e3", "+5", "1_0"]
SHORT = 32  # characters of a field that holds no text
JUNK: list[Any] = [
    None,
    True,
    -1,
    0,
    1.5,
    float("nan"),
    float("inf"),
    10**400,
    [],
    {},
    [[]],
    {"a": {"b": []}},
    "\x00",
    "\ud800\udfff",
    "x" * 70_000,
    [None] * 3000,
    {"__class__": "x", "constructor": {"prototype": 1}},
    json.loads("[" * 300 + "]" * 300),
]


def handlers() -> dict[str, Any]:
    """{full name: function} of every registered handler, those of the framework included."""
    from reflex_base.registry import RegistrationContext

    import ais_app.ais_app  # noqa: F401 - registers every handler

    return {name: one.handler.fn for name, one in RegistrationContext.get().event_handlers.items()}


def model_of(handler: Any) -> type[Payload] | None:
    """The payload that a handler takes, as it was declared."""
    permission = permission_of(handler)
    return permission.payload if permission else None


def values(schema: dict[str, Any], uids: Sequence[str], definitions: dict[str, Any] | None = None) -> st.SearchStrategy:
    """Values for one place of a payload: mostly of the right shape, with foreign uids and impossible days."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([values(one, uids) for one in schema["anyOf"]])
    if schema.get("type") == "integer":
        return st.integers(-2, 3) | st.sampled_from([10**6, 10**19])
    if schema.get("type") == "boolean":
        return st.booleans()
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return st.tuples(*[values(one, uids) for one in schema["prefixItems"]]).map(list)
        return st.lists(values(schema["items"], uids), min_size=1, max_size=3)
    pattern = schema.get("pattern", "")
    if "a-z2-7" in pattern:
        return st.sampled_from(uids)
    if r"\d{4}" in pattern:
        return st.sampled_from(DAYS)
    if schema.get("maxLength", SHORT + 1) <= SHORT:  # a day or a number of a form, read by the handler itself
        return st.sampled_from(DAYS) | st.sampled_from(NUMBERS) | st.sampled_from(TEXTS)
    return st.sampled_from(TEXTS) | st.sampled_from(NAUGHTY)


def payloads(handler: Any, uids: Sequence[str]) -> st.SearchStrategy[Any]:
    """Payloads for a handler: well shaped ones, ones with a place replaced by junk, and junk."""
    model = model_of(handler)
    if model is None:
        return st.just({}) | st.sampled_from(JUNK)
    fields = {name: values(one, uids) for name, one in model.model_json_schema()["properties"].items()}
    shaped = st.fixed_dictionaries(fields)
    spoilt = st.tuples(shaped, st.sampled_from([*fields, "author", "school_id"]), st.sampled_from(JUNK)).map(
        lambda parts: parts[0] | {parts[1]: parts[2]}
    )
    return st.one_of(
        shaped.map(lambda raw: {"raw": raw}),
        shaped.map(lambda raw: {"raw": raw}),
        spoilt.map(lambda raw: {"raw": raw}),
        st.sampled_from(JUNK).map(lambda raw: {"raw": raw}),
        st.sampled_from(JUNK),
    )
