"""Variables of a page as types that a checker accepts: Reflex gives them their methods only at run time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import reflex as rx


def variable(value: Any) -> Any:
    """A value of a state, or a constant, with what a variable of the browser can do."""
    return rx.Var.create(value)


def length(items: Sequence[Any]) -> Any:
    """How many items a list of a state has, in the browser."""
    return variable(items).length()


def one_of(value: Any, *cases: Any) -> rx.Component:
    """The component that belongs to a value: `rx.match` over components, the last one for any other value."""
    return cast("rx.Component", rx.match(value, *cases))
