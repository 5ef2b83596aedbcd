"""What a room declares of its pages, in its `pages.py`; the composition root reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from starlette.routing import Route

from ais_app.live.hub import Channel
from ais_app.rights.rules import Right
from ais_app.services import Services


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the bundle, the right that opens it, and the events by which it begins.

    `holds_parts`: the home, which begins with the events of its parts too.
    """

    route: str
    component: Callable[[], rx.Component]
    right: Right
    title: str
    opens: tuple[Any, ...]
    holds_parts: bool = False


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the home page: shown and filled for those whom it is for."""

    component: Callable[[], rx.Component]
    opens: Any


@dataclass(frozen=True, slots=True)
class HomeHead:
    """What the home is called and what waits there, where a room says it."""

    title: Callable[[], rx.Component | rx.Var[str]]
    waiting: Callable[[], rx.Component]


@dataclass(frozen=True, slots=True)
class Pages:
    pages: tuple[Page, ...] = ()
    home: tuple[HomePart, ...] = ()
    head: HomeHead | None = None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    styles: tuple[str, ...] = ()
    top_bar: tuple[Callable[[Any], rx.Component], ...] = ()
    routes: Callable[[Services], list[Route]] = lambda _services: []
