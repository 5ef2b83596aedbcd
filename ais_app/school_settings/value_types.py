"""Types of the values of settings: how each is stored, typed by a person, bounded and said in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Protocol, TypeVar

from ais_app.i18n import _

T = TypeVar("T")


class ValueType(Protocol[T]):
    """`read` and `spell`: the canonical text that is stored. `typed`: what a person wrote, as a value. Both raise
    ValueError for a text that is no such value. `fits`: within the bounds. `words`: for people; `range_words`: the
    bounds, "" where there are none. `shown`: as it stands in the field. `control`: which field a form shows.
    """

    @property
    def control(self) -> str: ...
    def read(self, text: str) -> T: ...
    def spell(self, value: T) -> str: ...
    def typed(self, text: str) -> T: ...
    def fits(self, value: T) -> bool: ...
    def words(self, value: T) -> str: ...
    def shown(self, value: T) -> str: ...
    def range_words(self) -> str: ...
    def choices(self) -> Mapping[str, str]: ...


_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`; `unit(number)` says it with its unit, `zero()` says 0 where it has words
    of its own.
    """

    least: int
    most: int
    unit: Callable[[int], str]
    zero: Callable[[], str] | None = None

    control = "number"

    def read(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise ValueError(text)
        return int(text)

    def spell(self, value: int) -> str:
        return str(value)

    def typed(self, text: str) -> int:
        return self.read(text.strip())

    def fits(self, value: int) -> bool:
        return self.least <= value <= self.most

    def words(self, value: int) -> str:
        return self.zero() if value == 0 and self.zero is not None else self.unit(value)

    def shown(self, value: int) -> str:
        return str(value)

    def range_words(self) -> str:
        return _("from {least} to {most}").format(least=self.least, most=self.most)

    def choices(self) -> Mapping[str, str]:
        return {}


_DECIMAL = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Hundredths:
    """A decimal number with two places, kept as its hundredths (an int), from `least` to `most` of them."""

    least: int
    most: int

    control = "number"

    def read(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise ValueError(text)
        return int(text)

    def spell(self, value: int) -> str:
        return str(value)

    def typed(self, text: str) -> int:
        found = _DECIMAL.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        return 100 * int(found[1]) + int((found[2] or "").ljust(2, "0"))

    def fits(self, value: int) -> bool:
        return self.least <= value <= self.most

    def words(self, value: int) -> str:
        whole, rest = divmod(value, 100)
        return f"{whole},{rest:02}"

    def shown(self, value: int) -> str:
        return self.words(value)

    def range_words(self) -> str:
        return _("from {least} to {most}").format(least=self.words(self.least), most=self.words(self.most))

    def choices(self) -> Mapping[str, str]:
        return {}


@dataclass(frozen=True, slots=True)
class YesNo:
    """On or off."""

    control = "choice"

    def read(self, text: str) -> bool:
        if text not in ("yes", "no"):
            raise ValueError(text)
        return text == "yes"

    def spell(self, value: bool) -> str:
        return "yes" if value else "no"

    def typed(self, text: str) -> bool:
        return self.read(text)

    def fits(self, value: bool) -> bool:
        return value in (True, False)

    def words(self, value: bool) -> str:
        return _("yes") if value else _("no")

    def shown(self, value: bool) -> str:
        return self.spell(value)

    def range_words(self) -> str:
        return ""

    def choices(self) -> Mapping[str, str]:
        return {"yes": _("yes"), "no": _("no")}


@dataclass(frozen=True)
class Choice:
    """One of `options`, {text that is stored: its words}."""

    options: Mapping[str, Callable[[], str]]

    control = "choice"

    def read(self, text: str) -> str:
        if text not in self.options:
            raise ValueError(text)
        return text

    def spell(self, value: str) -> str:
        return value

    def typed(self, text: str) -> str:
        return self.read(text)

    def fits(self, value: str) -> bool:
        return value in self.options

    def words(self, value: str) -> str:
        return self.options[value]()

    def shown(self, value: str) -> str:
        return value

    def range_words(self) -> str:
        return ""

    def choices(self) -> Mapping[str, str]:
        return {text: words() for text, words in self.options.items()}


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of the day in whole minutes, in the zone of the school, from `least` to `most`."""

    least: time
    most: time

    control = "number"

    def read(self, text: str) -> time:
        if not re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", text):
            raise ValueError(text)
        return time.fromisoformat(text)

    def spell(self, value: time) -> str:
        return f"{value:%H:%M}"

    def typed(self, text: str) -> time:
        return self.read(text.strip().rjust(5, "0"))

    def fits(self, value: time) -> bool:
        return self.least <= value <= self.most

    def words(self, value: time) -> str:
        return self.spell(value)

    def shown(self, value: time) -> str:
        return self.spell(value)

    def range_words(self) -> str:
        return _("from {least} to {most}").format(least=self.spell(self.least), most=self.spell(self.most))

    def choices(self) -> Mapping[str, str]:
        return {}
