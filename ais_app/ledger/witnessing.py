"""The server as a witness of its own ledger: a line a minute for each chain that went on, and one at every stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ais_app.db import Database
from ais_app.ledger import key_file, keys, queries, witness
from ais_app.ledger.witness import NoKey

log = structlog.get_logger("witness")
LOOK_SECONDS, LINE_SECONDS, MOST_BETWEEN = 5.0, 60.0, 500  # operations


@dataclass(slots=True)
class Witness:
    """Writes what it sees to every one of `paths`. `_seen` = {chain: (number of operations in its last line, when)}.

    `key_file`: where the key lies, to follow its changes. `_last_key`: the public key of the last line, "" = no line.
    `_behind`: {chain: since when it has operations that no line covers}.
    """

    database: Database
    key: Ed25519PrivateKey
    paths: Sequence[Path]
    key_file: Path | None = None
    _last_key: str = ""
    _behind: dict[str, float] = field(default_factory=dict[str, float])
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])

    def begin(self) -> None:
        """Go on behind the lines that are there. A database that is older than they say is named in the log."""
        last, self._last_key = witness.last_seen(self.paths[0]), witness.last_key(self.paths[0])
        heads = self.database.read(queries.heads)
        for chain, sequence in last.items():
            self._seen[chain] = sequence, monotonic()
            if heads.get(chain, (0, ""))[0] < sequence:
                log.error("database_is_older_than_its_witness", chain=chain, witness=sequence)

    def look(self, *, stopping: bool = False) -> None:
        """Write a line for each chain that went on far or long enough; when `stopping`, for each that went on at all.

        After a change of the key: what changed it, and a line for each chain, by the new key. Raises OSError, NoKey;
        then nothing counts as written.
        """
        (heads, told), now = self.database.read(_heads_and_changes), monotonic()
        self._notice(heads, now)
        self._follow(told)
        public = witness.public_key(self.key)
        changed = self._last_key not in ("", public)
        due = {
            chain: head
            for chain, head in heads.items()
            if changed
            or self._is_due(chain, head[0], now)
            or (stopping and self._seen.get(chain, (0, 0.0))[0] != head[0])
        }
        if not due:
            return
        moment = self.database.clock.now()
        lines = [one.line.written() for one in keys.between(told, self._last_key, public)] if changed else []
        lines += [witness.signed(self.key, chain, head, moment) for chain, head in due.items()]
        for path in self.paths:
            witness.append(path, lines)
        self._seen |= {chain: (head[0], now) for chain, head in due.items()}
        for chain in due:
            self._behind.pop(chain, None)
        self._last_key = public

    def lag(self) -> timedelta:
        """For how long the oldest operation that no line covers has waited."""
        since = min(tuple(self._behind.values()), default=None)
        return timedelta() if since is None else timedelta(seconds=monotonic() - since)

    def _notice(self, heads: Mapping[str, tuple[int, str]], now: float) -> None:
        for chain, head in heads.items():
            if self._seen.get(chain, (0, 0.0))[0] == head[0]:
                self._behind.pop(chain, None)
            else:
                self._behind.setdefault(chain, now)

    def _follow(self, told: Sequence[keys.Change]) -> None:
        """Take the key that replaced the present one. Raises OSError, NoKey where it is not here."""
        if self.key_file is None or not _is_replaced(witness.public_key(self.key), told):
            return
        key_file.adopt(self.key_file, told)
        key = witness.loaded(self.key_file)
        if _is_replaced(witness.public_key(key), told):
            raise NoKey(str(self.key_file))
        self.key = key

    def _is_due(self, chain: str, sequence: int, now: float) -> bool:
        seen, when = self._seen.get(chain, (0, -LINE_SECONDS))
        return sequence != seen and (now - when >= LINE_SECONDS or abs(sequence - seen) >= MOST_BETWEEN)


def _heads_and_changes(connection: Connection) -> tuple[Mapping[str, tuple[int, str]], list[keys.Change]]:
    """(the heads of all chains, the changes of the key) of one state of the database."""
    return queries.heads(connection), keys.changes(connection)


def _is_replaced(public: str, told: Sequence[keys.Change]) -> bool:
    return any(one.former == public and one.line.fits for one in told)


@asynccontextmanager
async def witnessing(one: Witness) -> AsyncGenerator[None]:
    """For as long as the server runs. What cannot be written is logged, and tried again: nobody waits for it."""
    await asyncio.to_thread(one.begin)
    await asyncio.to_thread(_look, one)  # what no line has seen yet does not wait for the first minute
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
    except (OSError, SQLAlchemyError, NoKey) as error:
        log.warning("witness_not_written", error=type(error).__name__)  # its text may hold an address
