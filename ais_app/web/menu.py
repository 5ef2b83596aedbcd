"""The menu: the composition root registers the pages of the rooms, each with the right that opens it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the rail. `right` is the value of the right that opens it."""

    href: str
    label: str
    icon: str
    right: str


Explaining = Callable[[Collection[Any], str], str]

_sections: list[Section] = []
_explaining: list[Explaining] = []


def register(*sections: Section) -> None:
    """Set the menu, in its order."""
    _sections[:] = sections


def sections() -> tuple[Section, ...]:
    return tuple(_sections)


def explain_by(explaining: Explaining) -> None:
    """Set what knows the page of the help for roles and the first segment of an address."""
    _explaining[:] = [explaining]


def help_address(roles: Collection[Any], segment: str) -> str:
    """Where the link «Помощь» of a page leads; "" before the composition root has said it."""
    return _explaining[0](roles, segment) if _explaining else ""
