"""The appearance that a person has chosen: colours, size, spacing. Kept for the account, and in a cookie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

COOKIE = "ais_look"
THEMES = ("", "dark", "contrast", "contrast-dark")
VISIONS = ("", "large")
SPACINGS = ("", "wide")


@dataclass(frozen=True, slots=True)
class Appearance:
    """The empty text is the usual one: light colours, normal size and spacing."""

    theme: str = ""
    vision: str = ""
    spacing: str = ""

    @property
    def attributes(self) -> str:
        """The attributes of the `<html>` element, so that the first paint is already right."""
        parts = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return "".join(f' data-{name}="{value}"' for name, value in parts if value)

    @property
    def spelled(self) -> str:
        """The value of the cookie."""
        return f"{self.theme}|{self.vision}|{self.spacing}"


_KNOWN = {"theme": THEMES, "vision": VISIONS, "spacing": SPACINGS}


def appearance_of(values: Mapping[str, str]) -> Appearance:
    """The appearance of stored or sent values; unknown ones are the usual."""
    return Appearance(**{name: values.get(name, "") for name, known in _KNOWN.items() if values.get(name, "") in known})


def appearance_in(spelled: str) -> Appearance:
    """The appearance that the value of the cookie names."""
    return appearance_of(dict(zip(_KNOWN, spelled.split("|"), strict=False)))
