"""Is the ledger what its witness saw? Every line of the witness's file against the operation that it names."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.i18n import _
from ais_app.ledger import keys, witness
from ais_app.ledger.epochs import Epoch, epochs
from ais_app.ledger.fault import Fault
from ais_app.ledger.models import Operation
from ais_app.ledger.witness import Line, Seen

_operation = table(Operation)

BATCH = 500  # lines
SHOWN = 20  # lines that are wrong in the same way

_HASHES = Prepared(
    select(_operation.c.sequence, _operation.c.hash).where(
        _operation.c.chain_id == bindparam("chain"),
        _operation.c.sequence.in_(bindparam("sequences", expanding=True)),
    )
)


def faults(connection: Connection, path: Path, key: str, until: int | None = None) -> Iterator[Fault]:
    """Each line that cannot be read, is not signed by `key` (hexadecimal) or a key before or after it in its term, or
    names an operation that is not there.

    At most `SHOWN` of each kind, then how many more there are. Lines before an epoch may name operations that the
    state it goes on from does not have. `until`: the size that the file had before the database was read, since a
    server may go on meanwhile. Raises OSError.
    """
    shown: Counter[str] = Counter()
    for fault in _all_faults(connection, path, key, until):
        shown[fault.what.partition(";")[0]] += 1
        if shown[fault.what.partition(";")[0]] <= SHOWN:
            yield fault
    for what, count in shown.items():
        if count > SHOWN:
            yield Fault("witness", path.name, _("{count} more lines: {what}").format(count=count - SHOWN, what=what))


def _all_faults(connection: Connection, path: Path, key: str, until: int | None) -> Iterator[Fault]:
    known = epochs(connection)
    terms = keys.terms([*keys.changes(connection), *keys.in_file(witness.changes_of(path, until))], key)
    lines = witness.lines_of(path, until)
    while batch := list(itertools.islice(lines, BATCH)):
        whole: list[tuple[int, Line]] = []
        for number, line in batch:
            if line is None:
                yield Fault("witness", f"{path.name}:{number}", _("cannot be read"))
            elif line.key not in terms:
                yield Fault("witness", f"{path.name}:{number}", _("is signed by another key"))
            elif not line.fits:
                yield Fault("witness", f"{path.name}:{number}", _("its signature does not fit"))
            elif not terms[line.key].covers(line.seen) and not _is_explained(line.seen, known):
                yield Fault("witness", f"{path.name}:{number}", _("is signed by a key that was not in use then"))
            else:
                whole.append((number, line))
        yield from _compared(connection, path, whole, known)


def _compared(
    connection: Connection, path: Path, lines: Sequence[tuple[int, Line]], known: Iterable[Epoch]
) -> Iterator[Fault]:
    hashes = _hashes(connection, [line for _number, line in lines])
    for number, line in lines:
        seen = line.seen
        there = hashes.get((seen.chain, seen.sequence))
        if there == seen.head or _is_explained(seen, known):
            continue
        what = _("is gone, and the witness saw it") if there is None else _("is not the one that the witness saw")
        yield Fault("operation", f"{seen.chain} #{seen.sequence}", f"{what}; {path.name}:{number}, {seen.moment}")


def _is_explained(seen: Seen, known: Iterable[Epoch]) -> bool:
    return any(one.explains(seen.chain, seen.sequence, seen.moment) for one in known)


def _hashes(connection: Connection, lines: Iterable[Line]) -> dict[tuple[str, int], str]:
    """{(chain, sequence): hash} of the operations that these lines name."""
    asked: dict[str, set[int]] = {}
    for line in lines:
        asked.setdefault(line.seen.chain, set()).add(line.seen.sequence)
    return {
        (chain, row.sequence): row.hash
        for chain, sequences in asked.items()
        for row in _HASHES.all(connection, {"chain": chain, "sequences": sorted(sequences)})
    }
