"""The part of the administrator's home that says what to do about alarms."""

from __future__ import annotations

import reflex as rx

from ais_app.school.state import ShellState
from ais_app.web import alarms


def alarms_card() -> rx.Component:
    return alarms.card(ShellState)
