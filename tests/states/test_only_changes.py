"""What is assigned once more as it was is not sent; what goes past a state is not compared with what it holds."""

from __future__ import annotations

import pytest

from ais_app.journal.grid.state import JournalState


@pytest.fixture
def state():
    made = JournalState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] - how Reflex makes one
    made.cursor, made.means = "down", True
    made._clean()
    return made


def test_an_equal_value_is_not_sent_and_another_is(state):
    state.cursor = "down"
    state.means = True
    assert state.dirty_vars == set()
    state.cursor = "right"
    assert (state.cursor, state.dirty_vars) == ("right", {"cursor"})


def test_a_default_assigned_for_the_first_time_is_what_every_page_has(state):
    assert "added" not in state.__dict__, "Reflex makes a value when it is first asked for"
    state.added = 0
    assert state.dirty_vars == set()
    state.added = 1
    state.added = 0
    assert state.dirty_vars == {"added"}


def test_an_equal_value_of_another_type_is_another(state):
    state.added = False
    assert state.dirty_vars == {"added"}


def test_a_variable_that_goes_past_the_state_is_sent_whatever_the_state_holds(state):
    state.wanted = {}
    assert state.dirty_vars == {"wanted"}, "the browser may hold another one"
