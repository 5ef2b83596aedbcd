"""What an event may carry: parsed strictly, nothing else is looked at (S-04)."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """Exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


M = TypeVar("M", bound=Payload)


def parse(model: type[M], raw: Any) -> M:
    """Parse an event's payload. Raises ValidationError.

    By way of JSON: there an array may be a tuple, while in strict Python mode a list may not.
    """
    return model.model_validate_json(json.dumps(raw))
