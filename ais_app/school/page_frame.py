"""The frame of every page: rail, top bar and notices."""

from __future__ import annotations

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.school.state import ShellState
from ais_app.web.shell import page


def in_page_frame(*content: rx.Component) -> rx.Component:
    """A page with this content."""
    return page(ShellState, NoticeState, *content)
