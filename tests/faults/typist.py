"""A teacher without a browser, who does what `journal/grid/table/queue.js` does: one event on the way, sent again until answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import httpx
from websockets.exceptions import WebSocketException

from ais_app.db.columns import new_uid
from tests.wire.client import JOURNAL, NOTICE, Tab, completed

AGAIN_AFTER = 2.0
VALUES = ("5", "4", "3", "2")


@dataclass
class Edit:
    """One operation of one cell, under the uid that it keeps however often it is sent."""

    student: str
    work: str
    text: str
    uid: str = field(default_factory=new_uid)


@dataclass(eq=False)
class Typist(threading.Thread):
    """Types `rounds` times through its cells over one session, whatever happens to the server meanwhile."""

    address: Callable[[], str]
    client: httpx.Client
    course: str
    cells: list[tuple[str, str]]
    rounds: int
    acknowledged: list[str] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    sent: int = 0
    failure: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.offline = threading.Event()
        self.given_up = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.versions = dict.fromkeys(self.cells, 0)
        self.last: dict[tuple[str, str], str] = {}
        self.token = ""
        self._tab: Tab | None = None

    def run(self) -> None:
        try:
            for edits in self._bursts():
                if 2 * len(self.acknowledged) >= self.rounds * len(self.cells):
                    self.may_go_on.wait()
                self._write(edits)
        except BaseException as error:  # noqa: BLE001 - told by `finish` in the test's own thread
            self.failure = error
        finally:
            if self._tab is not None:
                self._tab.close()

    def finish(self, seconds: float = 60) -> None:
        """Wait until everything is typed and answered; raises what went wrong in the thread."""
        self.may_go_on.set()
        self.join(seconds)
        if self.is_alive():
            self.given_up.set()
            raise TimeoutError(f"{len(self.acknowledged)} answered; {self.notices[-3:]}")
        if self.failure is not None:
            raise self.failure

    def _bursts(self) -> Iterable[list[Edit]]:
        """What is typed while an answer is awaited goes together: one, two, three operations of different cells."""
        edits = (
            Edit(student, work, VALUES[number % len(VALUES)])
            for number in range(self.rounds)
            for student, work in self.cells
        )
        for size in cycle((1, 2, 3)):
            burst = list(islice(edits, size))
            if not burst:
                return
            yield burst

    def _write(self, edits: list[Edit]) -> None:
        """Send until each is answered. The version is the one known when it was typed, also when it is sent again."""
        waiting = {edit.uid: (edit, self.versions[edit.student, edit.work]) for edit in edits}
        while waiting and not self.given_up.is_set():
            try:
                self._send(waiting)
                while waiting:
                    self._take(waiting)
            except TimeoutError:  # no answer: the server is busy, or it refused without one
                continue
            except (WebSocketException, OSError):
                self._leave()

    def _send(self, waiting: dict[str, tuple[Edit, int]]) -> None:
        if self._tab is None:
            self._tab = self._connect()
        operations = [
            [uid, self.course, [[edit.student, edit.work, edit.text, version]]]
            for uid, (edit, version) in waiting.items()
        ]
        self.sent += len(operations)
        self._tab.send(f"{JOURNAL}.enter", {"raw": {"ops": operations}})

    def _take(self, waiting: dict[str, tuple[Edit, int]]) -> None:
        assert self._tab is not None
        state, value = self._tab.either({JOURNAL: "answer", NOTICE: "notice"}, AGAIN_AFTER)
        if state == NOTICE:
            if value:
                self.notices.append(value)
            return
        for patch in value.get("patches", ()):
            edit, _version = waiting.pop(patch.get("op", ""), (None, 0))
            if edit is None:
                continue
            entered = completed(patch, [[edit.student, edit.work]]).get("cells")
            if entered is None:
                self.refused.append(patch)
                continue
            self.acknowledged.append(edit.uid)
            for student, work, text, version, *_rest in entered:
                self.versions[student, work] = version
                self.last[student, work] = text

    def _connect(self) -> Tab:
        until = time.monotonic() + 60
        while True:
            try:
                tab = Tab(self.address(), self.client, token=self.token)
            except (WebSocketException, OSError):
                if time.monotonic() > until or self.given_up.is_set():
                    raise
                self.given_up.wait(0.05)
            else:
                self.token = tab.token
                return tab

    def _leave(self) -> None:
        self._tab = None
        self.offline.set()


def as_they_were_typed(typists: Iterable[Typist]) -> dict[tuple[str, str], tuple[str, int]]:
    """What must stand in the cells: the last value of each with one version for each edit."""
    return {
        cell: (VALUES[(typist.rounds - 1) % len(VALUES)], typist.rounds) for typist in typists for cell in typist.cells
    }
