"""JSON lists in one cell, as our own export writes them for rows that have no file of their own."""

from __future__ import annotations

import json
from typing import Any

UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)


def rows_in(cell: str) -> list[Any]:
    """The rows of a cell, [] of an empty one. Raises one of UNREADABLE when it is no list or a text is not plain."""
    rows = json.loads(cell or "[]")
    if not isinstance(rows, list):
        raise TypeError(cell)
    _check(rows)
    return rows


def _check(value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _check(one)
    elif isinstance(value, str) and "\0" in value.encode().decode():  # a lone half of a pair cannot be encoded
        raise ValueError(value)


def number(value: Any) -> int:
    """`value` when it is an int from 0 to 99, as numbers of lessons and weekdays are. Raises ValueError."""
    if type(value) is not int or not 0 <= value <= 99:
        raise ValueError(value)
    return value
