"""What a list shows, as its page's address says it: words, order, page, hidden columns, and conditions of its own.

The same object is given to the query, so that a link shows the same list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from pydantic import Field

from ais_app.access.page_address import address_in
from ais_app.access.payload import Payload

LONGEST_SEARCH = 80
ROWS = 50  # of a page
_AS_SPACES = str.maketrans(dict.fromkeys("-‐.,·«»", " "))

A = TypeVar("A", bound="ListAddress")


def searched(text: str) -> str:
    """A text in which words are looked for, and the words: without case, «ё» as «е», hyphens and dots as spaces."""
    return unicodedata.normalize("NFC", text).casefold().replace("ё", "е").translate(_AS_SPACES)


class ListAddress(Payload):
    """A list's own class adds its conditions as texts; "" = any. `sort`: a column, with «-» from its largest.

    `hide`: columns that are not seen, with commas.
    """

    q: Annotated[str, Field(max_length=LONGEST_SEARCH)] = ""
    sort: Annotated[str, Field(pattern=r"^(-?[a-z_]{1,24})?$")] = ""
    page: Annotated[str, Field(pattern=r"^([1-9][0-9]{0,3})?$")] = ""
    hide: Annotated[str, Field(pattern=r"^([a-z_]{1,24}(,[a-z_]{1,24}){0,15})?$")] = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What is searched for, each as `searched` spells it."""
        return tuple(searched(self.q).split())

    @property
    def number(self) -> int:
        """The page, from 1."""
        return int(self.page or 1)

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(filter(None, self.hide.split(",")))

    def order(self, columns: Collection[str], usual: str) -> tuple[str, bool]:
        """(column, whether from its largest); `usual` where the address names no column of these."""
        for one in (self.sort, usual):
            if one.removeprefix("-") in columns:
                return one.removeprefix("-"), one.startswith("-")
        raise ValueError(usual)


class ListChoice(Payload):
    """What is chosen on a list: one value of its address. Of `hide`: the column that changes its state."""

    name: Annotated[str, Field(pattern=r"^[a-z_]{1,24}$")]
    value: Annotated[str, Field(max_length=LONGEST_SEARCH)] = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Which rows of how many; `before`, `after`: the pages beside it, "" = there is none."""

    first: int = 0
    last: int = 0
    total: int = 0
    before: str = ""
    after: str = ""


def chosen(asked: A, choice: ListChoice) -> A:
    """The list after a choice, from its first page unless that was the choice. What does not fit is dropped."""
    value, page = choice.value, {"page": ""}
    if choice.name == "page":
        page = {}
    elif choice.name == "hide":
        value, page = ",".join(sorted(asked.hidden ^ {choice.value})), {}
    return fitting({**asked.model_dump(), **page, choice.name: value}, type(asked))


def without_conditions(asked: A) -> A:
    """The whole list, in the same order and with the same columns."""
    return fitting({"sort": asked.sort, "hide": asked.hide}, type(asked))


def fitting(values: dict[str, str], shape: type[A]) -> A:
    return address_in(query_of(values), shape)


def query_of(values: dict[str, str]) -> str:
    """The values as the query of an address, without the empty ones."""
    return urlencode({name: value for name, value in values.items() if value})


def page_of(number: int, total: int, rows: int = ROWS) -> ListPage:
    """The page `number` of a list; the last one where there are not so many."""
    pages = max(1, -(-total // rows))
    number = min(number, pages)
    first = (number - 1) * rows
    return ListPage(
        first + 1 if total else 0,
        min(first + rows, total),
        total,
        str(number - 1) if number > 1 else "",
        str(number + 1) if number < pages else "",
    )
