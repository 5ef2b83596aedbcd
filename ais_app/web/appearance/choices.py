"""The choices of the menu «View», in words: for the shell's menu and for the plain entry pages alike."""

from __future__ import annotations

from dataclasses import dataclass

from ais_app.i18n import _


@dataclass(frozen=True, slots=True)
class LookGroup:
    """One line of the menu: the field it sets and its values with their names."""

    title: str
    field: str
    options: tuple[tuple[str, str], ...]


def look_choices() -> tuple[LookGroup, ...]:
    """Colours, the version for people with low vision, size, spacing."""
    return (
        LookGroup(_("Colours"), "theme", (("", _("Light")), ("dark", _("Dark")))),
        LookGroup(
            _("Version for low vision"),
            "theme",
            (("contrast", _("Black on white")), ("contrast-dark", _("White on black"))),
        ),
        LookGroup(_("Size"), "vision", (("", _("Usual size")), ("large", _("Large")))),
        LookGroup(_("Space between letters"), "spacing", (("", _("Usual space")), ("wide", _("Wide")))),
    )
