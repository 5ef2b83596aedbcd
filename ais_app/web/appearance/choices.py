"""The choices of the menu «View», in words, for the shell and for the plain pages of the server."""

from __future__ import annotations

from dataclasses import dataclass

from ais_app.i18n import _


@dataclass(frozen=True, slots=True)
class AppearanceGroup:
    """One group of the menu: its title, the field that it sets, and (value, name) of each option."""

    title: str
    field: str
    options: tuple[tuple[str, str], ...]


def appearance_choices() -> tuple[AppearanceGroup, ...]:
    """Colours, the version for people with low vision, size, spacing."""
    return (
        AppearanceGroup(_("Colours"), "theme", (("", _("Light")), ("dark", _("Dark")))),
        AppearanceGroup(
            _("Version for low vision"),
            "theme",
            (("contrast", _("Black on white")), ("contrast-dark", _("White on black"))),
        ),
        AppearanceGroup(_("Size"), "vision", (("", _("Usual size")), ("large", _("Large")))),
        AppearanceGroup(_("Space between letters"), "spacing", (("", _("Usual space")), ("wide", _("Wide")))),
    )
