"""Kinds of operations, declared as data in each room (`kinds.py`): their words, and how one is taken back (D-30).

An operation is undone by a new one of the inverse kind, which `ledger/undoing.py` makes. How, and with which right,
the room says in `Room.undoing`: {kind: `Undo`}. Without more than the right the rows are put back as they were before,
the last item first (`ledger/putting_back.py`). A room whose checks a person's own operation meets, or whose rows go
another way, names its function: `by="ais_app.journal.lessons.service.undoing:put_back"`. It gets the operation that is
being written and the `Part` of the one to be undone; it checks, changes rows by the methods of the operation,
announces, or raises what a person can read (`Refused`). What is not declared cannot be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ais_app.i18n import _
from ais_app.rights.rules import Right

Words = Callable[[], str]  # a text of the catalogue, asked for when it is shown


@dataclass(frozen=True, slots=True)
class Kind:
    """What an operation did.

    `name` is written in the ledger and never changes; `words()` is its text for people. `inverse` is the name of the
    kind that takes it back; where there is none, `without()` is the sentence why. Raises ValueError unless a kind has
    exactly one of the two.
    """

    name: str
    words: Words
    inverse: str = ""
    without: Words | None = None

    def __post_init__(self) -> None:
        if bool(self.inverse) == bool(self.without):
            msg = f"{self.name}: either an inverse, or the sentence why there is none"
            raise ValueError(msg)


ERASED = Kind("texts_erased", lambda: _("Free texts were erased"), without=lambda: _("What was erased is gone."))


@dataclass(frozen=True, slots=True)
class Undo:
    """Who undoes the operations of a kind, and what does it.

    `right`: the one that the operation itself needs. `by`: `module:function`, called with (Operation, Part) within the
    new operation; "" = the rows are put back as they were.
    """

    right: Right
    by: str = ""


def by_name(*rooms: Sequence[Kind]) -> Mapping[str, Kind]:
    """{name: kind} of all rooms. Raises ValueError for a name that is declared twice and for an unknown inverse."""
    kinds = [kind for room in rooms for kind in room]
    named = {kind.name: kind for kind in kinds}
    unknown = {kind.inverse for kind in kinds if kind.inverse} - named.keys()
    if len(named) != len(kinds) or unknown:
        msg = f"kinds declared twice, or an inverse that is none: {sorted(unknown)}"
        raise ValueError(msg)
    return named
