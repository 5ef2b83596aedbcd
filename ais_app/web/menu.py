"""The menu: the composition root registers the pages of the rooms, each with the right that opens it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the rail. `right` is the value of the right that opens it."""

    href: str
    label: str
    icon: str
    right: str


_sections: list[Section] = []


def register(*sections: Section) -> None:
    """Set the menu, in its order."""
    _sections[:] = sections


def sections() -> tuple[Section, ...]:
    return tuple(_sections)
