"""Commands of the server that are pieces of something long wait for everything interactive."""

from __future__ import annotations

import asyncio

import pytest

from ais_app import __version__
from ais_app.access.payload import Payload
from ais_app.exchange.requests import IMPORT_PIECE, IMPORT_PIECE_BACK, REQUESTS
from ais_app.rights.errors import Refused
from ais_app.server_commands.declared import Writing, answer, carry_out


class Nothing(Payload):
    pass


def _refuse(_uow, _asked):
    raise Refused("Not this one.")


PIECE = Writing("piece", Nothing, lambda _uow, _asked: {"done": 1}, bulk=True)
REFUSED = Writing("refused", Nothing, _refuse, bulk=True)
BROKEN = Writing("broken", Nothing, lambda _uow, _asked: {"done": 1 // 0}, bulk=True)
COMMANDS = {one.name: one for one in (PIECE, REFUSED, BROKEN)}


def asked(database, name: str) -> dict:
    return asyncio.run(answer(database, COMMANDS, {"version": __version__, "command": name, "payload": {}}))


@pytest.fixture
def without_turns(database, monkeypatch):
    """A database whose interactive lane nobody may use."""

    def forbidden(*_arguments, **_named):
        pytest.fail("the interactive lane was asked")

    monkeypatch.setattr(type(database), "write", forbidden)
    monkeypatch.setattr(type(database), "awrite", forbidden)
    return database


def test_a_piece_goes_through_the_bulk_lane_of_the_server(without_turns):
    assert asked(without_turns, "piece") == {"result": {"done": 1}}


def test_a_piece_goes_through_the_bulk_lane_of_the_command_alone(without_turns):
    assert carry_out(without_turns, PIECE, {}) == {"done": 1}


def test_what_refuses_a_piece_is_said(database):
    assert asked(database, "refused") == {"refused": "Not this one."}
    with pytest.raises(Refused, match="Not this one"):
        carry_out(database, REFUSED, {})


def test_a_fault_of_a_piece_is_a_code_in_the_log(database):
    assert "log" in asked(database, "broken")["refused"]
    with pytest.raises(ZeroDivisionError):
        carry_out(database, BROKEN, {})


def test_the_pieces_of_imports_are_such_and_what_they_begin_with_is_not():
    assert {one.name for one in REQUESTS if isinstance(one, Writing) and one.bulk} == {
        IMPORT_PIECE.name,
        IMPORT_PIECE_BACK.name,
    }
