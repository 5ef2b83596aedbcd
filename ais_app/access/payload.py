"""What an event may carry: parsed strictly, nothing else is looked at (S-04)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from math import inf
from typing import Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError


class Payload(BaseModel):
    """Exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


DEEPEST = 12  # levels; an edit of the grid has seven
M = TypeVar("M", bound=Payload)


class Form(Payload):
    """What a form sends: its fields, and the uid of the draft that the device keeps of it (`ais_app/web/drafts/`)."""

    draft: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""


def _a_day(text: str) -> str:
    date.fromisoformat(text)
    return text


IsoDay = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_a_day)]


def parse(model: type[M], raw: Any) -> M:
    """Parse an event's payload. Raises ValidationError, also for a NUL, which PostgreSQL cannot keep.

    By way of JSON: there an array may be a tuple, while in strict Python mode a list may not. A half of a
    surrogate pair is no text either; the JSON parser refuses it.
    """
    if not _is_plain(raw, DEEPEST):
        problem = PydanticCustomError("nul", "a text holds a NUL, or there is no end of levels")
        raise ValidationError.from_exception_data(model.__name__, [InitErrorDetails(type=problem, input=None)])
    return model.model_validate_json(json.dumps(raw))


def read_json(model: type[M], body: bytes) -> M:
    """The same of the body of a request. Raises ValidationError, also where it is no JSON at all."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        problem = PydanticCustomError("json", "no JSON")
        raise ValidationError.from_exception_data(
            model.__name__, [InitErrorDetails(type=problem, input=None)]
        ) from error
    return parse(model, raw)


def length_of(raw: Any, levels: int = DEEPEST) -> float:
    """About how many characters the payload is as JSON; endless when it is nested deeper than one can be.

    What looks into a payload may call itself for each level.
    """
    if isinstance(raw, str):
        return len(raw) + 2
    inner = _inner(raw)
    if inner is None:
        return len(str(raw))
    if levels <= 0:
        return inf
    length = 2.0 + 2 * len(inner)
    if isinstance(raw, dict):
        length += sum(len(name) + 3 for name in cast("dict[str, Any]", raw))
    for value in inner:
        length += length_of(value, levels - 1)
    return length


def _is_plain(raw: Any, levels: int) -> bool:
    """Whether it is shallow and no text in it holds a NUL."""
    if isinstance(raw, str):
        return "\0" not in raw
    inner = _inner(raw)
    if inner is None:
        return True
    if levels <= 0:
        return False
    for value in inner:  # noqa: SIM110 - at every key: a generator for each level costs as much as all the rest
        if not _is_plain(value, levels - 1):
            return False
    return True


def _inner(raw: Any) -> Collection[Any] | None:
    """What an object or a list of a payload holds; None when it is a plain value."""
    if isinstance(raw, dict):
        return cast("dict[Any, Any]", raw).values()
    return cast("list[Any]", raw) if isinstance(raw, list) else None
