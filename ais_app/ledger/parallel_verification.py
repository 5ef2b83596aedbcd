"""Verification by all processors: long chains are cut into stretches, and other processes verify them."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime

from sqlalchemy import Connection

from ais_app.db import Database
from ais_app.ledger import verifying
from ais_app.ledger.fault import Fault
from ais_app.ledger.verifying import Stretch

STRETCH = 1_000  # operations that a process verifies at a time: less than a tenth of a second

_database: Database  # of a process that verifies, set when it starts


def verify(address: str, processes: int = 0, chain: str = "", since: datetime | None = None) -> Iterator[Fault]:
    """What `verifying.verify` yields for the database at `address`, by several processes; 0 = one for each processor.

    `chain`: this one alone. `since`: operations from this moment on alone. The stretches are cut from one state of the
    database; what is appended meanwhile is not looked at. The processes are forks of this one, so it should have no
    thread and no connection; where there are no forks, it verifies alone.
    """
    database = Database(address)
    stretches = database.read(_stretches, chain, since)
    database.close()
    processes = min(processes or os.cpu_count() or 1, len(stretches))
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        _open(address)
        yield from _outside(chain)
        for stretch in stretches:
            yield from _verify_stretch(stretch)
        _database.close()
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (address,)) as pool:
        outside = pool.submit(_outside, chain)
        found = pool.map(_verify_stretch, stretches)
        yield from outside.result()
        for faults_of_stretch in found:
            yield from faults_of_stretch


def _stretches(connection: Connection, chain: str, since: datetime | None) -> list[Stretch]:
    cut: list[Stretch] = []
    for one in [chain] if chain else verifying.known_chains(connection):
        first = 1 if since is None else verifying.first_since(connection, one, since)
        cut += verifying.stretches(connection, one, STRETCH, first)
    return cut


def _open(address: str) -> None:
    global _database
    _database = Database(address)


def _begin(address: str) -> None:
    """In a process that does nothing but verify: it makes no cycles, and looking for some takes a tenth of its time."""
    gc.disable()
    _open(address)


def _outside(chain: str) -> list[Fault]:
    """The faults that no walk of a stretch can find."""

    def found(connection: Connection) -> list[Fault]:
        return list(verifying.outside(connection, chain))

    return _database.read(found)


def _verify_stretch(stretch: Stretch) -> list[Fault]:
    def verified(connection: Connection) -> list[Fault]:
        return list(verifying.verify_stretch(connection, stretch))

    return _database.read(verified)
