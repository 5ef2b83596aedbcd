"""Abilities, absences and marks of invented students: functions of a random source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ais_app.journal.grid.rules import ABSENT, EXCUSED, ILL, LATE

WRITTEN = frozenset({"КР", "Д", "С", "СР", "ЛР", "ПР"})
_LATE = (
    "Опаздывает не первый раз за неделю, поговорите, пожалуйста, дома.",
    "Опоздание после перемены, просим приходить к звонку.",
)
_CARELESS = (
    "Не было тетради и учебника.",
    "Домашнее задание не выполнено второй раз подряд.",
    "Отвлекается на уроке, из-за этого ошибки в простых заданиях.",
)
_GOOD = (
    "Хорошая работа у доски",
    "Отличное знание текста",
    "Решено рациональным способом",
    "Самостоятельно подготовил сообщение",
)
_POOR = (
    "Не раскрыт второй вопрос",
    "Повторить правило, можно пересдать",
    "Ошибки в вычислениях",
    "Работа не закончена",
)


@dataclass(frozen=True, slots=True)
class Illness:
    """Days of absence, both included; `reason` of the document that the class teacher gets later, "" = none came."""

    first: date
    last: date
    reason: str


@dataclass(slots=True)
class Profile:
    """A student: `ability` is about his mean mark; `care` from 0 to 1: the higher, the more seldom he is late."""

    ability: float
    care: float
    illnesses: list[Illness] = field(default_factory=list)

    def illness_on(self, day: date) -> Illness | None:
        return next((one for one in self.illnesses if one.first <= day <= one.last), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the teacher enters at one lesson for the student at `position` in the class."""

    position: int
    text: str
    comment: str | None = None


def profile(random: Random, first: date, last: date) -> Profile:
    """An invented student with his illnesses between `first` and `last`."""
    made = Profile(ability=min(4.95, max(2.7, random.gauss(4.0, 0.55))), care=random.random())
    days = (last - first).days
    for _spell in range(random.choice((0, 0, 1, 1, 2))):
        start = first + timedelta(days=random.randrange(max(1, days)))
        length = random.choice((1, 2, 3, 4, 5, 7, 12))
        reason = random.choices((ILL, EXCUSED, ""), (6, 3, 1 if made.care > 0.15 else 6))[0]
        made.illnesses.append(Illness(start, start + timedelta(days=length - 1), reason))
    return made


def entries(
    random: Random, profiles: list[Profile], day: date, kind: str, *, graded: bool, asked_of: tuple[int, int] = (4, 9)
) -> list[Entry]:
    """The entries of a lesson: absences always; marks, if `graded`, of nearly all in written works, else of `asked_of`."""
    made: list[Entry] = []
    asked = set(random.sample(range(len(profiles)), min(len(profiles), random.randint(*asked_of))))
    for position, one in enumerate(profiles):
        if one.illness_on(day) is not None:
            made.append(Entry(position, ABSENT))
            continue
        prefix = f"{LATE}{random.choice((5, 10, 15))}/" if random.random() < 0.02 * (1.2 - one.care) else ""
        marked = graded and (random.random() < 0.95 if kind in WRITTEN else position in asked)
        if marked:
            mark = _mark(random, one, kind)
            second = f"/{_mark(random, one, kind)}" if kind in ("Д", "С") else ""
            made.append(Entry(position, prefix + str(mark) + second, _comment(random, mark)))
        elif prefix:
            made.append(Entry(position, prefix[:-1]))
    return made


def _mark(random: Random, one: Profile, kind: str) -> int:
    shift = -0.25 if kind in ("КР", "Д") else 0.1
    return min(5, max(2, round(random.gauss(one.ability + shift, 0.6))))


def _comment(random: Random, mark: int) -> str | None:
    if random.random() > 0.05:
        return None
    return random.choice(_GOOD if mark >= 4 else _POOR)


def remark(random: Random, *, late: bool) -> str:
    """What a teacher writes to the family."""
    return random.choice(_LATE if late else _CARELESS)
