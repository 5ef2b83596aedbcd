"""A client without a browser: cookies over HTTP, events over the raw websocket. What any attacker has."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import suppress
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from ais_app.db.columns import new_uid

CLOSING = 0.5  # seconds: a server that reads no more, because a tab sent too much, is not waited for
WANTED = "wanted_rx_state_"
ROOT = "reflex___state____state"
JOURNAL = f"{ROOT}.ais_app___journal___grid___state____journal_state"
LESSON = f"{ROOT}.ais_app___journal___lessons___state___panel____lesson_state"
DIARY = f"{ROOT}.ais_app___diary___state____diary_state"
NOTICE = f"{ROOT}.ais_app___access___guard____notice_state"
SHELL = f"{ROOT}.ais_app___school___state____shell_state"


def sign_in(url: str, login: str, password: str, **form: str) -> httpx.Client:
    """An HTTP client that is signed in."""
    client = httpx.Client(base_url=url, headers={"origin": url}, timeout=20)
    answer = client.post("/login", data={"login": login, "password": password, **form})
    assert answer.status_code == 303, answer.status_code
    return client


def completed(patch: dict[str, Any], cells: list[Any]) -> dict[str, Any]:
    """The answer to an operation with the places of its cells, which it leaves out when they are those asked for."""
    if "own" not in patch:
        return patch
    return {**patch, "cells": [[*cell[:2], *own] for cell, own in zip(cells, patch["own"], strict=True)]}


def cookie_of(client: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


class Tab:
    """One open tab: a websocket with the protocol of Reflex."""

    def __init__(
        self, url: str, client: httpx.Client | None, path: str = "/", *, token: str = "", origin: str | None = "own"
    ) -> None:
        self.token = token or str(uuid.uuid4())
        self._url, self._client = url, client
        self.path = path
        headers = {"Cookie": cookie_of(client)} if client is not None else {}
        address = f"{url.replace('http', 'ws', 1)}/_event/?token={self.token}&EIO=4&transport=websocket"
        self._socket: ClientConnection = connect(
            address,
            additional_headers=headers,
            origin=Origin(url if origin == "own" else origin) if origin else None,
            max_size=None,
            open_timeout=10,
            close_timeout=CLOSING,
            legacy=True,
        )
        self._receive(5)
        self._socket.send("40/_event,")
        self._receive(5)

    def send(self, name: str, payload: Any = None) -> None:
        event = {
            "name": name,
            "payload": {} if payload is None else payload,
            "router_data": {"pathname": self.path, "asPath": self.path},
        }
        self._socket.send("42/_event," + json.dumps(["event", event]))

    def raw(self, frame: str) -> None:
        self._socket.send(frame)

    def updates(self) -> list[dict[str, Any]]:
        """Everything that the events sent until now have to say, with what the page reads because of them.

        The events of a tab are worked off in turn, so two refused edits are sent after them: the answer to the first
        comes when all before it are done; what those called in their turn was queued behind the first, so it is done
        at the answer to the second.
        """
        found = []
        for _turn in range(2):
            operation = new_uid()
            self.send(f"{JOURNAL}.enter", {"raw": {"ops": [[operation, "", []]]}})
            while operation not in (frame := self._receive(20)):
                if frame.startswith("42/_event,"):
                    found.append(json.loads(frame.removeprefix("42/_event,"))[1])
        wanted = [values.get(WANTED) for update in found for values in update.get("delta", {}).values()]
        return found + [{"read": self._read(one["at"])} for one in wanted if one and "at" in one]

    def shown(self, state: str) -> dict[str, Any]:
        """What the page reads for a state, once the server says what is wanted."""
        while "at" not in (wanted := self.until(state, "wanted")):
            pass
        return self._read(wanted["at"])

    def _read(self, address: str) -> Any:
        """The view at an address, as the page asks for it; None when it is refused."""
        cookie = cookie_of(self._client) if self._client is not None else ""
        answer = httpx.get(self._url + address, headers={"cookie": cookie}, timeout=20)
        return answer.json() if answer.status_code == 200 else None

    def silence(self, seconds: float) -> None:
        """Read on until nothing has come for `seconds`: for sockets that may have been ended."""
        with suppress(TimeoutError):
            while self._receive(seconds):
                pass

    def updates_within(self, seconds: float) -> list[str]:
        """Every frame that arrives in this time."""
        found, until = [], time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                found.append(self._receive(left))
            except TimeoutError:
                break
        return found

    def until(self, state: str, variable: str, seconds: float = 10) -> Any:
        """Wait for a variable of a state and return its value."""
        return self.either({state: variable}, seconds)[1]

    def either(self, wanted: dict[str, str], seconds: float = 10) -> tuple[str, Any]:
        """Wait for the first of several {state: variable}; returns the state and the value."""
        while True:
            frame = self._receive(seconds)
            if frame.startswith("42/_event,"):
                delta = json.loads(frame.removeprefix("42/_event,"))[1].get("delta", {})
                for state, variable in wanted.items():
                    if f"{variable}_rx_state_" in delta.get(state, {}):
                        return state, delta[state][f"{variable}_rx_state_"]

    def call(self, name: str, payload: Any = None) -> list[dict[str, Any]]:
        self.send(name, payload)
        return self.updates()

    def open(self, handler: str) -> None:
        """Do what a page does when it opens, and forget the answers."""
        self.send(f"{ROOT}.hydrate")
        self.send(handler)
        self.updates()

    def wait_for_end(self, seconds: float = 10) -> None:
        """Wait until the server ends this tab's connection."""
        while self._receive(seconds) != "41/_event,":
            pass

    def close(self) -> None:
        self._socket.close()

    def _receive(self, seconds: float) -> str:
        while True:
            frame = self._socket.recv(timeout=seconds)
            if frame == "2":
                self._socket.send("3")
            else:
                return str(frame)
