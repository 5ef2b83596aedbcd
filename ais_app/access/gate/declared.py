"""What passes the gate beside files: the addresses that rooms declare and the pages of the bundle, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ais_app.rights.rules import Actor, Right
from ais_app.room import Address

UID, NAME = "[a-z2-7]{16}", "[A-Za-z0-9_-]{1,64}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the bundle: its address pattern and the right that opens it."""

    pattern: re.Pattern[str]
    right: Right


def page(route: str, right: Right) -> Page:
    """`/journal/[course]` → a pattern over one path segment."""
    return Page(re.compile(_pattern(route, NAME) + "/?" if route != "/" else "/"), right)


class Declared:
    """The addresses and pages by their paths."""

    def __init__(self, addresses: Iterable[Address], pages: Iterable[Page]) -> None:
        self._addresses = tuple((re.compile(_pattern(one.path, UID)), one) for one in addresses)
        self._pages = tuple(pages)

    def address(self, path: str) -> Address | None:
        """The declared address of a path, whoever may use it; None when there is none."""
        return next((one for pattern, one in self._addresses if pattern.fullmatch(path)), None)

    def is_view(self, path: str) -> bool:
        address = self.address(path)
        return address is not None and address.view

    def may_open(self, actor: Actor, path: str) -> bool:
        """Whether `path` is a page that the actor's role may open."""
        return any(one.pattern.fullmatch(path) and actor.may(one.right) for one in self._pages)


def _pattern(route: str, named: str) -> str:
    parts = [named if part.startswith("[") else re.escape(part) for part in route.strip("/").split("/")]
    return "/" + "/".join(parts)
