"""What an import did, or would do: added, changed, left alone, and what is worth knowing about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ais_app.exchange.engine import Code, Note
from ais_app.exchange.slips import Slip
from ais_app.i18n import _

# What is counted. Each is said with its number.
COUNTED = {
    code.name: code
    for code in (
        Code.counted("orgs", "{count} org", "{count} orgs"),
        Code.counted("schools", "{count} school", "{count} schools"),
        Code.counted("people", "{count} person", "{count} people"),
        Code.counted("memberships", "{count} membership", "{count} memberships"),
        Code.counted("classes", "{count} class", "{count} classes"),
        Code.counted("class teachers", "{count} class teacher", "{count} class teachers"),
        Code.counted("courses", "{count} course", "{count} courses"),
        Code.counted("teachers", "{count} teacher of a course", "{count} teachers of courses"),
        Code.counted("guardians", "{count} guardian", "{count} guardians"),
        Code.counted("lessons", "{count} lesson", "{count} lessons"),
        Code.counted("works", "{count} column of a journal", "{count} columns of journals"),
        Code.counted("cells", "{count} cell", "{count} cells"),
        Code.counted("accounts", "{count} account", "{count} accounts"),
        Code.counted("logins", "{count} login", "{count} logins"),
    )
}


@dataclass
class Report:
    """Counts by what they are of. `codes` are the slips of new accounts; a dry run has none."""

    dry_run: bool
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    codes: list[Slip] = field(default_factory=list)

    def add(self, what: str, number: int = 1) -> None:
        _count(self.added, what, number)

    def change(self, what: str, number: int = 1) -> None:
        _count(self.changed, what, number)

    def leave(self, what: str, number: int = 1) -> None:
        _count(self.left, what, number)

    @property
    def summary(self) -> str:
        """One line for each kind of outcome, in the language of the installation."""
        if self.dry_run:
            heads = (_("Would be added: {things}."), _("Would be changed: {things}."), _("Would be left: {things}."))
        else:
            heads = (_("Added: {things}."), _("Changed: {things}."), _("Left alone: {things}."))
        counts = (self.added, self.changed, self.left)
        return "\n".join(head.format(things=spelled(one)) for head, one in zip(heads, counts, strict=True))


def spelled(counts: dict[str, int]) -> str:
    """«1 school, 10 people»."""
    return ", ".join(COUNTED[what].text({"count": number}) for what, number in counts.items()) or _("nothing")


def _count(counts: dict[str, int], what: str, number: int) -> None:
    if what not in COUNTED:
        raise ValueError(what)
    if number:
        counts[what] = counts.get(what, 0) + number
