"""What `ais verify` and the page «Проверка» check, step by step: what guards the ledger, the record, the chains."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ais_app.access import refusal_digest
from ais_app.db import Database
from ais_app.ledger import folding, keys, parallel_verification, roles, triggers, witness_check
from ais_app.ledger.fault import Fault
from ais_app.ledger.folding import Part
from ais_app.ledger.records import Composite, Record
from ais_app.records import RECORDS

GUARDS, WITNESS, REFUSALS, RECORD, CHAINS = "guards", "witness", "refusals", "records", "chains"
STEPS = (GUARDS, WITNESS, REFUSALS, RECORD, CHAINS)
MOST = 1_000  # faults of one step: whoever has more looks for the cause, not for the rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked.

    `part`: the chain and the rows of one school, or what was done since a moment. `witnesses`: files with their sizes
    before the database is read; their lines must be signed by `key` (hexadecimal). `roles`: whether the product's role
    must be another one than the owner. `processes`: how many walk the chains, 0 = one for each processor.
    """

    part: Part = folding.WHOLE
    records: bool = False
    witnesses: Sequence[tuple[Path, int]] = ()
    key: str = ""
    roles: bool = False
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """A step has begun; `record`: the entity that is compared."""

    step: str
    record: str = ""


Look = Callable[[Connection], Iterator[Fault]]


def check(address: str, asked: Asked) -> Iterator[Begun | Fault]:
    """Check the database at `address`; yields each step as it begins, and the faults that it finds, `MOST` of each."""
    database = Database(address)
    for begun, look in _looks(asked):
        yield begun
        yield from database.read(lambda connection, look=look: list(itertools.islice(look(connection), MOST)))
    database.close()  # before the chains are walked: no connection goes into another process
    yield Begun(CHAINS)
    part = asked.part
    yield from itertools.islice(parallel_verification.verify(address, asked.processes, part.chain, part.since), MOST)


def count_of_steps(asked: Asked) -> int:
    """How many steps `check` begins."""
    return sum(1 for _look in _looks(asked)) + 1


def _looks(asked: Asked) -> Iterator[tuple[Begun, Look]]:
    yield Begun(GUARDS), lambda connection: _of_guards(connection, asked)
    for path, size in asked.witnesses:
        yield Begun(WITNESS), lambda one, path=path, size=size: witness_check.faults(one, path, asked.key, size)
    yield Begun(REFUSALS), refusal_digest.faults
    if asked.records:
        yield from ((Begun(RECORD, record.name), _look_at(record, asked.part)) for record in _records(asked.part))


def _of_guards(connection: Connection, asked: Asked) -> Iterator[Fault]:
    yield from (Fault("trigger", *one.split(": ", 1)) for one in triggers.faults(connection))
    if asked.roles or roles.are_apart(connection):
        yield from (Fault("role", *one.removeprefix("role ").split(": ", 1)) for one in roles.faults(connection))
    yield from keys.faults(keys.changes(connection))


def _records(part: Part) -> Iterator[Record | Composite]:
    for record in RECORDS.values():
        if part.school_id is None or isinstance(record, Composite) or folding.belongs_to_schools(record):
            yield record


def _look_at(record: Record | Composite, part: Part) -> Look:
    if isinstance(record, Composite):
        return lambda connection: record.faults(connection, part)
    return lambda connection: folding.faults(connection, record, part)
