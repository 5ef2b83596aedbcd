"""Kinds of operations, declared as data in each room (`kinds.py`): their words, and how one is taken back (D-30)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ais_app.i18n import _

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


def by_name(*rooms: Sequence[Kind]) -> Mapping[str, Kind]:
    """{name: kind} of all rooms. Raises ValueError for a name that is declared twice and for an unknown inverse."""
    kinds = [kind for room in rooms for kind in room]
    named = {kind.name: kind for kind in kinds}
    unknown = {kind.inverse for kind in kinds if kind.inverse} - named.keys()
    if len(named) != len(kinds) or unknown:
        msg = f"kinds declared twice, or an inverse that is none: {sorted(unknown)}"
        raise ValueError(msg)
    return named
