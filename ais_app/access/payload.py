"""What an event may carry: parsed strictly, nothing else is looked at (S-04)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal, LiteralString, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError


class Payload(BaseModel):
    """Exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


DEEPEST = 12  # levels; an edit of the grid has seven
_JSON = json.JSONEncoder(ensure_ascii=False)
_NUL = "\\u0000"  # as JSON spells it; also how a text that names it may be spelled
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
    surrogate pair is no text either, and there is an end of levels: the JSON parser refuses both.
    """
    try:
        text = json.dumps(raw)
    except RecursionError as error:
        raise _refused(model, "levels", "there is no end of levels") from error
    if _NUL in text and _holds_nul(raw, DEEPEST):
        raise _refused(model, "nul", "a text holds a NUL")
    return model.model_validate_json(text)


def read_json(model: type[M], body: bytes) -> M:
    """Parse the body of a request. Raises ValidationError, also where it is no JSON at all."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _refused(model, "json", "no JSON") from error
    return parse(model, raw)


def _refused(model: type[M], kind: Literal["levels", "nul", "json"], why: LiteralString) -> ValidationError:
    return ValidationError.from_exception_data(
        model.__name__, [InitErrorDetails(type=PydanticCustomError(kind, why), input=None)]
    )


def fits(raw: dict[str, Any], longest: int) -> bool:
    """Whether a payload has at most so many characters as JSON and is nested no deeper than one can be: what looks
    into it may call itself for each level.
    """
    try:
        text = _JSON.encode(raw)
    except RecursionError:
        return False
    return len(text) <= longest and (text.count("[") + text.count("{") <= DEEPEST or _is_shallow(raw, DEEPEST))


def _is_shallow(raw: Any, levels: int) -> bool:
    inner = _inner(raw)
    return inner is None or (levels > 0 and all(_is_shallow(value, levels - 1) for value in inner))


def _holds_nul(raw: Any, levels: int) -> bool:
    """Whether a text in it holds one; of what is nested deeper than a payload can be, it is taken for granted."""
    if isinstance(raw, str):
        return "\0" in raw
    inner = _inner(raw)
    return inner is not None and (levels <= 0 or any(_holds_nul(value, levels - 1) for value in inner))


def _inner(raw: Any) -> Collection[Any] | None:
    """What an object or a list of a payload holds; None when it is a plain value."""
    if isinstance(raw, dict):
        return cast("dict[Any, Any]", raw).values()
    return cast("list[Any]", raw) if isinstance(raw, list) else None
