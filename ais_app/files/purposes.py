"""What files are stored for: declared by rooms in `Room.files`; for nothing else can one be stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ais_app.files.content.types import FileType
from ais_app.rights.rules import Right


@dataclass(frozen=True, slots=True)
class Purpose:
    """`name` stands in the database and never changes; `words`: for people.

    `types`: what the content may be; `largest` in bytes. `days`: how long it is kept, None = until its room removes it,
    for what belongs to the record. `right`: who may store and download it, as far as that reaches; `own`: only whoever
    stored it downloads it, whatever his right reaches. `recorded`: each download is an operation of the ledger.
    """

    name: str
    words: Callable[[], str]
    types: frozenset[FileType]
    largest: int
    days: int | None
    right: Right
    own: bool = False
    recorded: bool = False


def by_name(*rooms: Sequence[Purpose]) -> Mapping[str, Purpose]:
    """{name: purpose} of all rooms. Raises ValueError for a name that is declared twice."""
    purposes = [purpose for room in rooms for purpose in room]
    named = {purpose.name: purpose for purpose in purposes}
    if len(named) != len(purposes):
        msg = "a purpose of files is declared twice"
        raise ValueError(msg)
    return named
