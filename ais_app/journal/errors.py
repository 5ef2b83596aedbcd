"""What a teacher can do wrong in the journal, each with the words to tell him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ais_app.i18n import _
from ais_app.rights.errors import Refused


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that was not written; `code` and `text` say why.

    `value`, `version`: what it holds now; `who`: for a stale one, who wrote that.
    """

    student: str
    work: str
    code: str
    text: str
    value: str = ""
    version: int = 0
    who: str = ""


class CellsRefused(Refused):
    """Some cells of an operation were refused, so nothing of it was written (D-11)."""

    code = "cells"

    def __init__(self, cells: Sequence[RefusedCell]) -> None:
        super().__init__(_("Nothing was saved: some cells cannot be changed."))
        self.cells = tuple(cells)


class BadLesson(Refused):
    """A lesson, or something of it, that cannot be saved: outside the year, day and number taken, a text too long."""

    code = "lesson"


class BadNumber(BadLesson):
    """A field of a form that holds no number, or one that is too small or too large."""

    def __init__(self, field: str, least: int, most: int) -> None:
        super().__init__(_("Write a number from {least} to {most}.").format(least=least, most=most), field)


class StaleLesson(Refused):
    """Somebody else changed the lesson since it was opened."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this lesson meanwhile. Look at it again."))


class StaleEntries(Refused):
    """The entries to be cleared are not as many as the person has seen."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(_("These entries have changed meanwhile. Look at them again."))


class TakenBack(Refused):
    """The lesson or column was taken back, and the person still has it open."""

    code = "taken_back"

    def __init__(self) -> None:
        super().__init__(_("This lesson or column was taken back meanwhile."))


class Question(Refused):
    """A warning before a change: it is made when the person sends it once more with this text in `confirmed`."""

    code = "question"

    def __init__(self, text: str) -> None:
        super().__init__(text, "confirmed")


class AlreadyClosed(Refused):
    code = "closed"

    def __init__(self) -> None:
        super().__init__(_("This period is already closed."))


class AlreadyAnswered(Refused):
    """Somebody else was faster: the request is answered or taken back, the opening is over."""

    code = "answered"
