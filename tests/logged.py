"""What is written into the log, as a production server writes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import structlog

from ais_app import logs
from ais_app.settings import Settings

Lines = Callable[[], list[dict[str, Any]]]


@contextmanager
def logged() -> Iterator[Lines]:
    """A function that gives the lines of the log so far."""
    root, written = logging.getLogger(), StringIO()
    before, level = root.handlers[:], root.level
    logs.configure(Settings(env="production", clock=None, password_cost=12), written)
    try:
        yield lambda: [json.loads(one) for one in written.getvalue().splitlines()]
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()


def found_by(code: str, lines: Lines) -> dict[str, Any]:
    """The one line that a search for `code` finds."""
    (line,) = [one for one in lines() if code in json.dumps(one)]
    return line
