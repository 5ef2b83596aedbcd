"""The two errors of a refused use case, each with its text for the person."""

from __future__ import annotations

from ais_app.i18n import _


class Refused(Exception):  # noqa: N818 - reads as the answer it is
    """A use case was refused: nothing changed. `str()` is the text for the person; `code` is for programs.

    `field`: the field of a form that the text is about, where it is about one.
    """

    code = "refused"

    def __init__(self, text: str | None = None, field: str = "") -> None:
        super().__init__(text or _("This is not possible here."))
        self.field = field


class NotYours(Refused):
    """The object is not there for this actor: absent and foreign look the same (S-05)."""

    code = "denied"

    def __init__(self) -> None:
        super().__init__(_("There is no such page, or it is not open to you."))
