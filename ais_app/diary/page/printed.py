"""The head of a printed week: whose it is, of which class, school, year and period; on every sheet."""

from __future__ import annotations

import reflex as rx

from ais_app.diary.state import DiaryState
from ais_app.web.printed import head


def print_head() -> rx.Component:
    """The head of each printed sheet; not shown on a screen."""
    about = DiaryState.printed
    return head(about.title, about.name, about.school, about.term)
