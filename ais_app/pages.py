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
    """A page of the bundle, the right that opens it, and `opens`: the events that are called when it opens.

    `holds_parts`: it is the home, which also calls the events of its parts. `for_tests`: only a server for
    tests (AIS_ENV=test) lets it pass; the bundle has it always.
    """

    route: str
    component: Callable[[], rx.Component]
    right: Right
    title: str
    opens: tuple[Any, ...]
    holds_parts: bool = False
    for_tests: bool = False


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the home page; the event `opens` decides whether the actor sees it, and fills it. None: it shows what
    the frame of the page has already.
    """

    component: Callable[[], rx.Component]
    opens: Any = None


@dataclass(frozen=True, slots=True)
class HomeHead:
    """The heading of the home and how much is waiting there, as a room says it."""

    title: Callable[[], rx.Component | rx.Var[str]]
    waiting: Callable[[], rx.Component]


@dataclass(frozen=True, slots=True)
class Pages:
    pages: tuple[Page, ...] = ()
    home: tuple[HomePart, ...] = ()
    head: HomeHead | None = None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    styles: tuple[str, ...] = ()  # of every page; those of some only: web/page_styles.py
    top_bar: tuple[Callable[[Any], rx.Component], ...] = ()
    routes: Callable[[Services], list[Route]] = lambda _services: []
