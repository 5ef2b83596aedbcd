"""Does each row have its content, whole, and does nothing else lie in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ais_app.db import Database
from ais_app.files import queries
from ais_app.files.store import FileStore
from ais_app.i18n import _


@dataclass(frozen=True, slots=True)
class Difference:
    """`code`: missing, changed, size, without_row, stranger, forgotten; `place`: the uid of a row, or a path."""

    code: str
    place: str

    def __str__(self) -> str:
        words = {
            "missing": _("The content of the file {place} is missing."),
            "changed": _("The content of the file {place} was changed."),
            "size": _("The size of the file {place} is another one."),
            "without_row": _("{place}: no file has this content; it goes in the night."),
            "stranger": _("{place} does not belong here."),
            "forgotten": _("{place} never came in whole; it goes in the night."),
        }
        return words[self.code].format(place=self.place)


def check(store: FileStore, database: Database) -> Iterator[Difference]:
    """Read every content once and name each difference. Only reads."""
    lying = set(store.contents())  # before the rows: what is placed meanwhile is not told
    found: dict[str, str | None] = {}
    rows = database.read(queries.all_whole)
    for row in rows:
        if row.sha256 not in found:
            found[row.sha256] = store.digest(row.sha256)
        if found[row.sha256] is None:
            if database.read(queries.whole, row.uid) is not None:  # it did not go meanwhile
                yield Difference("missing", row.uid)
        elif found[row.sha256] != row.sha256:
            yield Difference("changed", row.uid)
        elif store.path(row.sha256).stat().st_size != row.size:
            yield Difference("size", row.uid)
    for one in sorted(lying - found.keys()):
        yield Difference("without_row", one)
    yield from (Difference("stranger", str(path.relative_to(store.folder))) for path in store.strangers())
    yield from (Difference("forgotten", str(path.relative_to(store.folder))) for path in store.forgotten())
