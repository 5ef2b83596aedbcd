"""The chips of marks and codes: one colour for each, on every page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.journal.grid.codes import CODES

_COLOURS = {code.text: code.chip for code in CODES if code.chip}


def chip_class(code: Any, kind: str = "mk lg") -> Any:
    """The classes of a chip for a mark or code given as a variable; `kind` = those that do not depend on it."""
    return rx.match(code, *[(known, f"{kind} {colour}") for known, colour in _COLOURS.items()], kind)


def small_chip_class(code: Any) -> Any:
    """The same in a line of text or a table."""
    return chip_class(code, "mk sm")
