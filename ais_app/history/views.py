"""A page of operations ready to show: rows by day, the opened one with old → new, the conditions, the choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from ais_app.clock import local_date, local_time
from ais_app.history import undoing, words
from ais_app.history.authors import author_in_words, authors_of
from ais_app.history.payloads import Conditions
from ais_app.history.queries import items, listing
from ais_app.history.queries.items import Touched
from ais_app.history.queries.listing import OperationRow
from ais_app.history.queries.names import Ref, named, refs_of
from ais_app.history.undoing import UndoView
from ais_app.history.words import CELL, Change, Teller
from ais_app.i18n import _, capital, day_and_month, full_date, ngettext, number, weekday
from ais_app.ledger.standing import NAMING
from ais_app.rights.reading import Reading

PATH = "/operations"
SUMMED_UP = 2  # items that a row of the list tells
MOST_TOLD = 3  # fields of one item
MOST_CHANGES = 100  # items that an opened operation shows at first
MOST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class OperationItem:
    """A row of the list; `heading`: its day, on the first row of each; `today`: that is today."""

    uid: str
    heading: str
    today: bool
    time: str
    who: str
    kind: str
    place: str
    text: str
    reason: bool


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """A field of a row, before and after. On its first field: what the `row` is called, and where, if that is another
    place than that of the row before, and the address of its history.
    """

    row: str
    place: str
    history: str
    label: str
    before: str
    after: str
    cell: bool


@dataclass(frozen=True, slots=True)
class OpenedOperation:
    """The opened operation. `author`: the address of all that its author did; `more`: what is not shown."""

    uid: str = ""
    who: str = ""
    role: str = ""
    author: str = ""
    moment: str = ""
    number: str = ""
    hash: str = ""
    reason: str = ""
    changes: tuple[ChangeItem, ...] = ()
    more: str = ""
    undo: UndoView = field(default_factory=UndoView)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of a list."""

    rows: list[OperationItem]
    opened: OpenedOperation
    older: str
    newer: str


def shown(reading: Reading, asked: Conditions) -> Shown:
    """The page that is asked for. Raises NotYours."""
    page = listing.operations(reading, asked)
    ids = [row.id for row in page.rows]
    found = items.of_each(reading.connection, ids, (0, SUMMED_UP + len(NAMING)))
    touched = {operation: some[:SUMMED_UP] for operation, some in found.items()}
    undo = items.undoing(reading.connection, ids)
    counts = items.counts(reading.connection, ids)
    names = named(reading, [*authors_of(page.rows), *_refs(one for some in touched.values() for one in some)])
    teller = Teller(reading.zone, reading.hat.is_watched, names)
    rows: list[OperationItem] = []
    last: date | None = None
    for row in page.rows:
        day = local_date(row.moment, reading.zone)
        heading = "" if day == last else day_in_words(day, reading.today)
        item = _item(teller, row, (heading, day == reading.today), touched.get(row.id, []), counts.get(row.id, 0))
        rows.append(replace(item, kind=_("Undone: {kind}").format(kind=item.kind)) if row.id in undo else item)
        last = day
    return Shown(
        rows,
        opened(reading, asked.operation),
        older=str(page.rows[-1].sequence) if page.rows and page.older else "",
        newer=str(page.rows[0].sequence) if page.rows and page.newer else "",
    )


def day_in_words(day: date, today: date) -> str:
    """«Сегодня, четверг 24 декабря»; another year is named."""
    spelled = f"{weekday(day)}, {day_and_month(day)}" if day.year == today.year else f"{weekday(day)}, {full_date(day)}"
    return f"{capital(_('today'))}, {spelled}" if day == today else capital(spelled)


def _item(
    teller: Teller, row: OperationRow, head: tuple[str, bool], touched: Sequence[Touched], count: int
) -> OperationItem:
    heading, today = head
    place, text = _summary(teller, touched, count)
    return OperationItem(
        uid=row.uid,
        heading=heading,
        today=today,
        time=f"{local_time(row.moment, teller.zone):%H:%M}",
        who=author_in_words(teller, row),
        kind=words.kind_in_words(row.kind),
        place=place,
        text=text,
        reason=row.reason is not None,
    )


def _summary(teller: Teller, touched: Sequence[Touched], count: int) -> tuple[str, str]:
    """(where, what) of an operation, of its first items."""
    if not touched:
        return "", ""
    if touched[0].entity == CELL:
        return _cells_summed_up(teller, touched, count)
    place = teller.row_of(touched[0])
    if count > len(touched):
        return place, _further(count - 1)
    texts = [text for one in touched for text in _told(teller, one, place, named=one is not touched[0])]
    return place, "; ".join(texts[:MOST_TOLD])


def _told(teller: Teller, touched: Touched, place: str, *, named: bool) -> Iterator[str]:
    """«Тема: степени» for each field of an item that says more than `place`; `named`: with what the row is."""
    row = f"{words.entity_in_words(touched.entity)}, " if named else ""
    for one in teller.changes(touched):
        if one.before or not (one.after in place or one.after == words.EMPTY):
            yield f"{row}{one.label[:1].lower() + one.label[1:] if row else one.label}: {_old_new(one)}"


def _cells_summed_up(teller: Teller, touched: Sequence[Touched], count: int) -> tuple[str, str]:
    cells = [one for one in touched if one.entity == CELL]
    texts: list[str] = []
    for cell in cells:
        student, *_work = refs_of(CELL, cell.subject)
        values = [_old_new(one) for one in teller.changes(cell) if one.cell]
        texts += [f"{teller.names.get(student, '')}: {value}" for value in values]
    place = teller.names.get(refs_of(CELL, cells[0].subject)[-1], "")
    return place, ", ".join([*texts, *([_further(count - len(cells))] if count > len(cells) else [])])


def _further(count: int) -> str:
    return _("and {count} more").format(count=number(count))


def _old_new(change: Change) -> str:
    """«3 → 4»; what was not there before, or may not be read on either side, is one value."""
    before, after = change.before or words.EMPTY, change.after or words.EMPTY
    return after if before in (words.EMPTY, after) else f"{before} → {after}"


def opened(reading: Reading, uid: str, *, whole: bool = False) -> OpenedOperation:
    """An operation with what it changed, `whole` or the first of it; empty where it is not the actor's to read.

    Raises NotYours.
    """
    row = listing.opened(reading, uid) if uid else None
    if row is None:
        return OpenedOperation()
    count = items.counts(reading.connection, [row.id]).get(row.id, 0)
    told = items.of_each(reading.connection, [row.id], (0, MOST_SHOWN if whole else MOST_CHANGES)).get(row.id, [])
    teller = Teller(reading.zone, reading.hat.is_watched, named(reading, [*authors_of([row]), *_refs(told)]))
    changes = [one for before, item in zip((None, *told), told, strict=False) for one in _changes(teller, item, before)]
    hidden = count - len(told)
    return OpenedOperation(
        uid=row.uid,
        who=author_in_words(teller, row),
        role=words.hat_in_words(row.hat),
        author=f"{PATH}?{urlencode({'author': row.account})}",
        moment=teller.moment(row.moment, seconds=True),
        number=number(row.sequence),
        hash=row.hash,
        reason=reason_in_words(teller, row),
        changes=tuple(changes),
        more=ngettext("{count} row more", "{count} rows more", hidden) if hidden else "",
        undo=undoing.offered(reading, row.uid),
    )


def _changes(teller: Teller, touched: Touched, before: Touched | None) -> list[ChangeItem]:
    """The fields of an item, which follows the item `before`."""
    row, place = _called(teller, touched)
    if before is not None and touched.entity == before.entity == CELL and place == _called(teller, before)[1]:
        place = ""
    history = history_address(touched.entity, touched.subject)
    made = [one for one in teller.changes(touched) if one.before or one.after] or [Change("", "", "")]
    first, *others = (ChangeItem("", "", "", one.label, one.before, one.after, one.cell) for one in made)
    return [replace(first, row=row, place=place, history=history), *others]


def _called(teller: Teller, touched: Touched) -> tuple[str, str]:
    """(what a row is called, where it is): a cell by its student and its column."""
    if touched.entity != CELL:
        return teller.row_of(touched), ""
    student, work = (teller.names.get(ref, "") for ref in refs_of(CELL, touched.subject)[:2])
    return student or words.entity_in_words(CELL), work


def history_address(entity: str, subject: str) -> str:
    """Where the history of a row is read."""
    return f"{PATH}?{urlencode({'entity': entity, 'subject': subject})}"


def reason_in_words(teller: Teller, row: OperationRow) -> str:
    """Why it was done; "" where no reason was given."""
    if row.reason is None:
        return ""
    if not row.reason:
        return _("erased")
    if teller.watched:
        signs = ngettext("{count} character", "{count} characters", len(row.reason))
        return f"{signs}, {_('text is closed')}"
    return row.reason


def _refs(touched: Iterable[Touched]) -> list[Ref]:
    return [ref for one in touched for ref in (*refs_of(one.entity, one.subject), *words.refs_in(one))]
