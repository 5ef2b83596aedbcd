"""Operations as CSV for a spreadsheet: UTF-8 with a mark, semicolons, nothing that would run as a formula (S-41)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ais_app.formulas import csv_of
from ais_app.history import words
from ais_app.history.authors import author_in_words, authors_of
from ais_app.history.payloads import Conditions
from ais_app.history.queries import items, listing
from ais_app.history.queries.items import Touched
from ais_app.history.queries.listing import OperationRow
from ais_app.history.queries.names import named, refs_of
from ais_app.history.views import reason_in_words
from ais_app.history.words import Teller
from ais_app.i18n import _
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor
from ais_app.services import Services

PORTION = 100  # operations that are looked for at a time
MOST_ITEMS = 1_000  # items that are read at a time


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations whose items are read together: all of them, or, of one with very many, those with `ordinals`."""

    rows: list[OperationRow]
    ordinals: tuple[int, int] = (0, MOST_ITEMS)


async def lines(services: Services, actor: Actor, asked: Conditions) -> AsyncIterator[bytes]:
    """The file in portions, the newest operation first; what is appended meanwhile is not in it."""
    yield csv_of([head()], mark=True).encode()
    portion = asked.model_copy(update={"before": "", "after": "", "operation": ""})
    while True:
        batches, last = await services.read(actor, batches_of, portion)
        for batch in batches:
            yield csv_of(await services.read(actor, lines_of, batch)).encode()
        if not last:
            return
        portion = portion.model_copy(update={"before": last})


def head() -> list[str]:
    return [
        _("Number"),
        _("Moment"),
        _("Author"),
        _("Role"),
        _("Kind of operation"),
        _("Row"),
        _("Was"),
        _("Became"),
        _("Reason"),
        _("Operation"),
        _("Fingerprint"),
    ]


def batches_of(reading: Reading, asked: Conditions) -> tuple[list[Batch], str]:
    """(the next operations in batches, number of the last one when there are more)."""
    page = listing.operations(reading, asked, PORTION)
    counts = items.counts(reading.connection, [row.id for row in page.rows])
    return list(_batches(page.rows, counts)), str(page.rows[-1].sequence) if page.older else ""


def _batches(rows: Sequence[OperationRow], counts: Mapping[int, int]) -> Iterator[Batch]:
    together: list[OperationRow] = []
    held = 0
    for row in rows:
        count = counts.get(row.id, 0)
        if together and held + count > MOST_ITEMS:
            yield Batch(together)
            together, held = [], 0
        if count > MOST_ITEMS:
            for first in range(0, count, MOST_ITEMS):
                yield Batch([row], (first, first + MOST_ITEMS))
        else:
            together.append(row)
            held += count
    if together:
        yield Batch(together)


def lines_of(reading: Reading, batch: Batch) -> list[list[str]]:
    """The rows of the file for a batch."""
    touched = items.of_each(reading.connection, [row.id for row in batch.rows], batch.ordinals)
    wanted = [ref for some in touched.values() for one in some for ref in _refs(one)]
    teller = Teller(reading.zone, reading.hat.is_watched, named(reading, [*authors_of(batch.rows), *wanted]))
    return [line for row in batch.rows for line in _lines(teller, row, touched.get(row.id, []))]


def _refs(touched: Touched) -> Iterator[words.Ref]:
    yield from refs_of(touched.entity, touched.subject)
    yield from words.refs_in(touched)


def _lines(teller: Teller, row: OperationRow, touched: Sequence[Touched]) -> Iterator[list[str]]:
    """A line for each row that the operation touched; one for an operation that touched none."""
    first = [
        str(row.sequence),
        teller.moment(row.moment, seconds=True),
        author_in_words(teller, row),
        words.hat_in_words(row.hat),
        words.kind_in_words(row.kind),
    ]
    last = [reason_in_words(teller, row), row.uid, row.hash]
    for one in touched:
        yield [*first, teller.row_of(one), *_sides(teller, one), *last]
    if not touched:
        yield [*first, "", "", "", *last]


def _sides(teller: Teller, touched: Touched) -> tuple[str, str]:
    changes = teller.changes(touched)
    before = "; ".join(f"{one.label}: {one.before}" for one in changes if one.before)
    after = "; ".join(f"{one.label}: {one.after}" for one in changes if one.after)
    return before, after
