"""The server as a witness of its own ledger: a line a minute for each chain that went on, and one at every stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from ais_app.db import Database
from ais_app.ledger import queries, witness

log = structlog.get_logger("witness")
LOOK_SECONDS, LINE_SECONDS, MOST_BETWEEN = 5.0, 60.0, 500  # operations


@dataclass(slots=True)
class Witness:
    """Writes what it sees to every one of `paths`. `_seen` = {chain: (number of operations in its last line, when)}."""

    database: Database
    key: Ed25519PrivateKey
    paths: Sequence[Path]
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])

    def begin(self) -> None:
        """Go on behind the lines that are there. A database that is older than they say is named in the log."""
        last = witness.last_seen(self.paths[0])
        heads = self.database.read(queries.heads)
        for chain, sequence in last.items():
            self._seen[chain] = sequence, monotonic()
            if heads.get(chain, (0, ""))[0] < sequence:
                log.error("database_is_older_than_its_witness", chain=chain, witness=sequence)

    def look(self, *, stopping: bool = False) -> None:
        """Write a line for each chain that went on far or long enough; when `stopping`, for each that went on at all.

        Raises OSError; then nothing counts as written.
        """
        heads, now = self.database.read(queries.heads), monotonic()
        due = {
            chain: head
            for chain, head in heads.items()
            if self._is_due(chain, head[0], now) or (stopping and self._seen.get(chain, (0, 0.0))[0] != head[0])
        }
        if not due:
            return
        moment = self.database.clock.now()
        lines = [witness.signed(self.key, chain, head, moment) for chain, head in due.items()]
        for path in self.paths:
            witness.append(path, lines)
        self._seen |= {chain: (head[0], now) for chain, head in due.items()}

    def _is_due(self, chain: str, sequence: int, now: float) -> bool:
        seen, when = self._seen.get(chain, (0, -LINE_SECONDS))
        return sequence != seen and (now - when >= LINE_SECONDS or abs(sequence - seen) >= MOST_BETWEEN)


@asynccontextmanager
async def witnessing(one: Witness) -> AsyncGenerator[None]:
    """For as long as the server runs. What cannot be written is logged, and tried again: nobody waits for it."""
    await asyncio.to_thread(one.begin)
    looking = asyncio.get_running_loop().create_task(_look_on_and_on(one))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.to_thread(_look, one, stopping=True)


async def _look_on_and_on(one: Witness) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(_look, one)


def _look(one: Witness, *, stopping: bool = False) -> None:
    try:
        one.look(stopping=stopping)
    except (OSError, SQLAlchemyError) as error:
        log.warning("witness_not_written", error=type(error).__name__)  # its text may hold an address
