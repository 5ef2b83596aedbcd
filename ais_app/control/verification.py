"""What `ais verify` and the page «Проверка» check, step by step: triggers, witness, chains, records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from ais_app.db import Database
from ais_app.ledger import folding, parallel_verification, triggers, witness_check
from ais_app.ledger.folding import Part
from ais_app.ledger.records import Composite
from ais_app.ledger.verifying import Fault
from ais_app.records import RECORDS

TRIGGERS, WITNESS, CHAINS, RECORD = "triggers", "witness", "chains", "records"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked. `chain` and `school_id`: of this school alone. `since`: what was done from this moment on.

    `witnesses`: files with their sizes before the database is read; their lines must be signed by `key` (hexadecimal).
    `processes`: how many walk the chains, 0 = one for each processor.
    """

    chain: str = ""
    school_id: int | None = None
    since: datetime | None = None
    records: bool = False
    witnesses: Sequence[tuple[Path, int]] = ()
    key: str = ""
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """A step has begun; `table`: of the record."""

    step: str
    table: str = ""


def check(address: str, asked: Asked) -> Iterator[Begun | Fault]:
    """Check the database at `address`; yields each step as it begins, and the faults that it finds."""
    database = Database(address)
    for step, work in _read_steps(asked):
        yield step
        yield from database.read(lambda connection, work=work: list(work(connection)))
    database.close()  # before the chains are walked: no connection goes into another process
    yield Begun(CHAINS)
    yield from parallel_verification.verify(address, asked.processes, asked.chain, asked.since)


def _read_steps(asked: Asked) -> Iterator[tuple[Begun, Callable[[Connection], Iterator[Fault]]]]:
    yield Begun(TRIGGERS), lambda connection: (Fault("trigger", one, "") for one in triggers.faults(connection))
    for path, size in asked.witnesses:
        yield (
            Begun(WITNESS),
            lambda connection, path=path, size=size: witness_check.faults(connection, path, asked.key, size),
        )
    if asked.records:
        part = Part(asked.chain, asked.school_id, asked.since)
        for record in RECORDS.values():
            if isinstance(record, Composite):
                yield Begun(RECORD, record.name), lambda connection, record=record: record.faults(connection, part)
            elif asked.school_id is None or folding.belongs_to_schools(record):
                yield (
                    Begun(RECORD, record.name),
                    lambda connection, record=record: folding.faults(connection, record, part),
                )
