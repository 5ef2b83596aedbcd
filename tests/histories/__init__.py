"""Histories: what happens to schools over the weeks, step by step, through the services like anything else.

A step that has nothing to act on does nothing. Whoever runs a history says by a `Random` what is chosen.
"""

from __future__ import annotations

from tests.histories.history import BEGIN, History, Step, found, imported
from tests.histories.journal import (
    acknowledged,
    another_year,
    came_and_was_marked,
    closed,
    excused,
    grouped,
    led_by_another,
    next_day,
    substituted,
    taught,
    untaught_subject,
)
from tests.histories.people import (
    admitted,
    blocked,
    inspected,
    left,
    linked,
    linked_again,
    renamed,
    returned,
    role_again,
    role_ended,
    second_account,
    shared,
    taken_back,
    transferred,
    unblocked,
    unlinked,
)

STEPS: tuple[Step, ...] = (
    *(admitted, left, transferred, returned, taken_back, renamed),
    *(linked, unlinked, linked_again),
    *(blocked, unblocked, second_account, shared, role_ended, role_again, inspected),
    *(led_by_another, substituted, grouped, another_year, untaught_subject),
    *(next_day, taught, came_and_was_marked, excused, closed, acknowledged),
)
# Twice in an order in which each step finds something to act on.
EVERYTHING: tuple[Step, ...] = (
    *(admitted, grouped, grouped, linked, linked, linked, blocked, second_account, shared, shared, taken_back),
    *(taught, taught, taught, came_and_was_marked, came_and_was_marked, acknowledged, acknowledged, next_day),
    *(transferred, left, left, substituted, led_by_another, unlinked, unlinked, role_ended, role_ended),
    *(taught, taught, excused, next_day, returned, linked_again, role_again, unblocked, blocked, inspected),
    *(came_and_was_marked, taught, left, renamed, another_year, untaught_subject, closed, acknowledged),
) * 2

__all__ = ["BEGIN", "EVERYTHING", "STEPS", "History", "Step", "blocked", "came_and_was_marked", "found", "imported"]
