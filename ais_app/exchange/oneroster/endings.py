"""How much a set would end in each school: more than half is a problem, since the set is probably broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ais_app.exchange.engine import Code, Findings, Problem
from ais_app.exchange.oneroster import codes

# More than this share of what holds in a school today is not ended without --allow-ending. Within a school year a
# fifth of a school moves at most; half of it at once is a file cut short, a filter left on, or another school's set.
MOST_ENDED = Fraction(1, 2)

# What is counted, with the file that ends it.
KINDS: Mapping[str, tuple[str, Code]] = {
    "memberships": ("enrollments.csv", codes.ENDS_MEMBERSHIPS),
    "teachers": ("enrollments.csv", codes.ENDS_TEACHERS),
    "guardians": ("users.csv", codes.ENDS_GUARDIANS),
    "accounts": ("users.csv", codes.ENDS_ACCOUNTS),
}
ENDING = frozenset(code for _file, code in KINDS.values())


@dataclass
class Endings:
    """What held before an import and what of it the import ends, counted by (org, name of the school, kind)."""

    held: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ended: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def count(self, org: str, school: str, kind: str, *, held: int, ended: int) -> None:
        """Add `ended` of `held` of a kind in a school."""
        self.held[org, school, kind] += held
        self.ended[org, school, kind] += ended

    def problems(self) -> Findings[Problem]:
        """A problem for each school and kind of which too much would end."""
        problems = Findings[Problem]()
        for (org, school, kind), held in sorted(self.held.items()):
            ended = self.ended[org, school, kind]
            if ended > held * MOST_ENDED:
                file, code = KINDS[kind]
                problems.append(Problem.of(code, file, school=school, ended=ended, held=held))
        return problems
