"""How much the files of a school may take."""

from __future__ import annotations

from ais_app.i18n import _, ngettext
from ais_app.school_settings.registry import Group, Level, Setting
from ais_app.school_settings.value_types import Whole


def megabytes(count: int) -> str:
    return ngettext("{count} megabyte", "{count} megabytes", count)


QUOTA = Setting(
    "files_megabytes",
    Group.FILES,
    words=lambda: _("Room for files"),
    explanation=lambda: _("how much the files of one school may take together; what expires makes room"),
    label=lambda: _("Megabytes of a school"),
    type=Whole(250, 1_000_000, megabytes),
    usual=2_000,
    bounds=lambda: _("The largest set with its report must fit; a terabyte is the most that is looked after here."),
    source="decision 0032",
    dated=False,
    level=Level.INSTALLATION,
)

SETTINGS = (QUOTA,)
