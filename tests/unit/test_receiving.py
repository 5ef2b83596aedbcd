"""Receiving a file: who sends slowly, more than he said, or stops, leaves nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import ClientDisconnect, Request

from ais_app.db.columns import table
from ais_app.files.content.types import FileType
from ais_app.files.errors import FileRefused, UploadLost
from ais_app.files.models import StoredFile
from ais_app.files.purposes import Purpose
from ais_app.rights.rules import Right, Role
from ais_app.transfers import receiving
from ais_app.transfers.receiving import Receiver

_file = table(StoredFile)
TEXTS = Purpose("texts", lambda: "Texts", frozenset({FileType.TEXT}), 1000, 14, Right.SET_UP_SCHOOL)


def request(length: int, *portions: bytes, ends: str = "end") -> Request:
    """A request that brings these portions; then it ends, is gone, or waits for ever."""
    left = list(portions)

    async def receive():
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or ends != "end"}
        if ends == "waits":
            await asyncio.sleep(600)
        return {"type": "http.disconnect"}

    headers = [(b"content-length", str(length).encode()), (b"x-file-name", b"a.txt")]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


@pytest.fixture
def receive(database, school, tmp_path):
    services: Any = SimpleNamespace(database=database, settings=SimpleNamespace(files=tmp_path / "files"))
    admin = school.actor("school_admin", Role.SCHOOL_ADMIN)
    return lambda of: asyncio.run(Receiver(services).receive(of, admin, TEXTS))


@pytest.fixture
def left(database, tmp_path):
    """(names of rows, files) that there are."""

    def look():
        files = [one for one in (tmp_path / "files").rglob("*") if one.is_file() and one.name != ".lock"]
        return database.read(lambda one: one.execute(select(_file.c.name)).scalars().all()), len(files)

    return look


def test_a_file_comes_in_portions(receive, left):
    received = receive(request(9, b"some", b" text"))
    assert received.name == "a.txt"
    assert left() == (["a.txt"], 1)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (lambda: request(10, b"some", ends="waits"), UploadLost),
        (lambda: request(10, b"some", ends="gone"), ClientDisconnect),
        (lambda: request(4, b"some", b" more"), FileRefused),
        (lambda: request(1001, b"some"), FileRefused),
        (lambda: request(0), FileRefused),
        (lambda: request(6, b"<html>"), FileRefused),
    ],
)
def test_s46_whoever_is_slow_lies_or_stops_leaves_nothing(receive, left, monkeypatch, sent, error):
    monkeypatch.setattr(receiving, "IDLE_SECONDS", 0.05)
    with pytest.raises(error):
        receive(sent())
    assert left() == ([], 0)


def test_a_disk_that_is_nearly_full_takes_nothing(receive, left, monkeypatch):
    monkeypatch.setattr(receiving, "FREE", 2**62)
    with pytest.raises(FileRefused):
        receive(request(4, b"some"))
    assert left() == ([], 0)


def test_a_disk_that_fills_meanwhile_leaves_nothing(receive, left, monkeypatch):
    def full(_self, _piece):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ais_app.files.store.Incoming.write", full)
    with pytest.raises(OSError, match="No space"):
        receive(request(4, b"some"))
    assert left() == ([], 0)
