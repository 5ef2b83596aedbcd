"""Names of persons: one Russian order in code and SQL, and one rule for namesakes in a list (decisions 0009)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import String, Table
from sqlalchemy.sql.elements import ColumnElement

K = TypeVar("K")
_ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
# {letter: the sign that stands for it in a sort key}: code points in the order of the alphabet, with ё between е and ж.
_SORTED_AS = {letter: chr(ord("а") + position) for position, letter in enumerate(_ALPHABET)}
_FIELD, _WORD = " ", "-"  # the end of a name comes before the end of a word in it, both before digits and letters
LONGEST_KEY = 400
ERASED_NAME = "—"  # of a person whose names were erased
NO_KEY = "-"  # of a row that was written past the product
# Compared by code points in both databases, whatever their own collation: so is `str` in Python.
SORT_KEY = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")


def sort_key(*texts: str) -> str:
    """A text whose order by `str` comparison is that of `texts`, such as the names of a person, in a Russian list.

    ё comes after е, capitals count as small letters, a hyphen as a space, other marks not at all. Latin letters come
    before А, letters of other alphabets after Я. At most `LONGEST_KEY` characters.
    """
    return _FIELD.join(_WORD.join(_words(text)) for text in texts).rstrip(_FIELD)[:LONGEST_KEY]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(_SORTED_AS.get(sign) or _other(sign) for sign in folded).split()


def _other(sign: str) -> str:
    """What a sign that is no Russian letter counts as: the letters under its accents, a space, or nothing."""
    if sign.isspace() or unicodedata.category(sign) == "Pd":
        return " "
    bare = (one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    return "".join(_SORTED_AS.get(one, one if one.isalnum() else "") for one in bare)


def by_name(people: Table) -> tuple[ColumnElement[Any], ...]:
    """ORDER BY of persons: `order_by(*by_name(person))`; namesakes in the order in which they were added."""
    return people.c.sort_key, people.c.id


def key_of_names(context: Any) -> str:
    """The sort key of a person that is inserted or changed: the default of the column, so that no writer can forget it.

    Raises ValueError when only some of the names are written.
    """
    given = context.get_current_parameters()
    missing = [name for name in ("family_name", "given_name", "patronymic") if name not in given]
    if missing:
        msg = f"names of a person are written together, without {', '.join(missing)} there is no sort key"
        raise ValueError(msg)
    return sort_key(given["family_name"], given["given_name"], given["patronymic"])


@dataclass(frozen=True, slots=True)
class Name:
    """The names of a person; `beside`: what else, in words, distinguishes him from a namesake for this reader."""

    family: str
    given: str
    patronymic: str = ""
    beside: str = ""

    @classmethod
    def of(cls, row: Any, beside: str = "") -> Name:
        """Of a row with the columns of `person`."""
        return cls(row.family_name, row.given_name, row.patronymic, beside)

    @property
    def full(self) -> str:
        return _joined(self.family, self.given, self.patronymic)


def _joined(*names: str) -> str:
    return " ".join(filter(None, names)).replace(f"{ERASED_NAME} {ERASED_NAME}", ERASED_NAME)


def initials(family_name: str, given_name: str, patronymic: str) -> str:
    """«Орлова Н. В.»: the name in signatures."""
    letters = " ".join(f"{name[0]}." for name in (given_name, patronymic) if name not in ("", ERASED_NAME))
    return f"{family_name} {letters}".strip()


class Spelling(Enum):
    """How a list spells its names."""

    LISTED = "Иванов Иван"
    SHORT = "Иванов И."
    SIGNED = "Иванов И. П."
    GIVEN = "Иван"


def _listed(name: Name) -> str:
    return _joined(name.family, name.given)


def _full(name: Name) -> str:
    return name.full


def _with_more(name: Name) -> str:
    return ", ".join(filter(None, (name.full, name.beside)))


# {spelling: how a name is spelled, then how as long as another name of the list looks the same}.
_STEPS: Mapping[Spelling, Sequence[Callable[[Name], str]]] = {
    Spelling.LISTED: (_listed, _full, _with_more),
    Spelling.SHORT: (lambda name: initials(name.family, name.given, ""), _listed, _full, _with_more),
    Spelling.SIGNED: (lambda name: initials(name.family, name.given, name.patronymic), _full, _with_more),
    Spelling.GIVEN: (lambda name: name.given, _listed, _full, _with_more),
}


def told_apart(people: Mapping[K, Name], spelling: Spelling) -> dict[K, str]:
    """{key: name} of a list, no two alike (D-54): namesakes with their patronymic, then with what is `beside`.

    Those that are still alike are numbered in the order of the list.
    """
    first, *steps = _STEPS[spelling]
    shown = {key: first(name) for key, name in people.items()}
    for step in steps:
        shown |= {key: step(people[key]) for key in _alike(shown)}
    numbers: Counter[str] = Counter()
    for key in _alike(shown):
        text = _looks(shown[key])
        numbers[text] += 1
        shown[key] = f"{shown[key]} ({numbers[text]})"
    return shown


def _alike(shown: Mapping[K, str]) -> list[K]:
    counts = Counter(map(_looks, shown.values()))
    return [key for key, text in shown.items() if counts[_looks(text)] > 1]


def _looks(text: str) -> str:
    """The text as a reader compares it: ё as е, capitals as small letters."""
    return text.casefold().replace("ё", "е")
