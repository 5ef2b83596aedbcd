"""What an import did, or would do: counts of what is added, changed and left alone, and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ais_app.exchange.engine import Code, Findings, Note, Problem
from ais_app.exchange.oneroster import codes as said
from ais_app.exchange.slips import Slip
from ais_app.i18n import _, ngettext

# {what is counted: its text with the number}.
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
        Code.counted("acknowledgements", "{count} acknowledgement", "{count} acknowledgements"),
        Code.counted("groups", "{count} group", "{count} groups"),
        Code.counted("names of other systems", "{count} name of another system", "{count} names of other systems"),
        Code.counted("remarks", "{count} remark", "{count} remarks"),
        Code.counted("timetables", "{count} timetable", "{count} timetables"),
        Code.counted("enrollments", "{count} enrollment", "{count} enrollments"),
        Code.counted("links", "{count} link of a guardian", "{count} links of guardians"),
        Code.counted("roles", "{count} role", "{count} roles"),
    )
}
# {code of a note: what it leaves out}.
LEFT_OUT = {
    said.NEITHER_LEARNS: "enrollments",
    said.ENROLLMENT_OF_GONE: "enrollments",
    said.ENDED_BEFORE: "enrollments",
    said.NO_GUARDIAN: "links",
    said.NO_LINK: "links",
    said.LINK_OF_GONE: "links",
    said.ROLE_ABOVE: "roles",
    said.ROLE_OVER: "roles",
    said.ORG_ABOVE: "roles",
    said.ORG_GONE: "roles",
    said.ROLE_WITHOUT_ORG: "roles",
    said.CLASS_OF_GONE: "classes",
}
LONGEST = 2_000


@dataclass
class Report:
    """{what: number} of what is added, changed and left. `codes`: the slips of new accounts, none of a dry run."""

    dry_run: bool
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    notes: Findings[Note] = field(default_factory=Findings[Note])
    codes: list[Slip] = field(default_factory=list)

    def add(self, what: str, number: int = 1) -> None:
        _count(self.added, what, number)

    def change(self, what: str, number: int = 1) -> None:
        _count(self.changed, what, number)

    def leave(self, what: str, number: int = 1) -> None:
        _count(self.left, what, number)

    @property
    def left_out(self) -> dict[str, int]:
        """{what: number of rows of the set that are not taken}; each has a note with the reason."""
        counts: dict[str, int] = {}
        for code, what in LEFT_OUT.items():
            _count(counts, what, self.notes.counts[code])
        return counts

    @property
    def summary(self) -> str:
        """One line for each kind of outcome, in the language of the installation."""
        if self.dry_run:
            heads = (_("Would be added: {things}."), _("Would be changed: {things}."), _("Would be left: {things}."))
        else:
            heads = (_("Added: {things}."), _("Changed: {things}."), _("Left alone: {things}."))
        counts = (self.added, self.changed, self.left)
        lines = [head.format(things=spelled(one)) for head, one in zip(heads, counts, strict=True)]
        if self.left_out:
            lines.append(_("Not taken of the set: {things}.").format(things=spelled(self.left_out)))
        return "\n".join(lines)


def report_lines(problems: Findings[Problem], notes: Findings[Note], longest: int = LONGEST) -> Iterator[str]:
    """The lines of a report, problems first, at most `longest`: the last one then counts the rest."""
    total = len(problems) + len(notes)
    room = longest if total <= longest else longest - 1
    shown_problems = list(problems)[:room]
    shown_notes = list(notes)[: room - len(shown_problems)]
    yield from map(str, (*shown_problems, *shown_notes))
    rest = []
    if more := len(problems) - len(shown_problems):
        rest.append(ngettext("{count} more problem", "{count} more problems", more))
    if more := len(notes) - len(shown_notes):
        rest.append(ngettext("{count} more note", "{count} more notes", more))
    if rest:
        yield _("And besides: {things}.").format(things=", ".join(rest))


def spelled(counts: dict[str, int]) -> str:
    """«1 school, 10 people»."""
    return ", ".join(COUNTED[what].text({"count": number}) for what, number in counts.items()) or _("nothing")


def _count(counts: dict[str, int], what: str, number: int) -> None:
    if what not in COUNTED:
        raise ValueError(what)
    if number:
        counts[what] = counts.get(what, 0) + number
