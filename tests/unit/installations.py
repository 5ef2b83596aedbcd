"""Installations between which schools move, and the sets from which schools may come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.declared_settings import SETTINGS
from ais_app.school_settings.registry import Setting
from ais_app.school_settings.value_types import Hundredths, Whole, YesNo
from tests import histories
from tests.histories import BEGIN, History
from tests.settings import write_values
from tests.unit.sets import SDS, SET, SET12

ORIGINS = {"services": None, "OneRoster 1.1": SET, "OneRoster 1.2": SET12, "SDS": SDS}

# Entries of days on which their student was no member.
OUTSIDE = (
    "FROM cell c JOIN work w ON w.id = c.work_id JOIN lesson l ON l.id = w.lesson_id JOIN course o ON o.id = l.course_id"
    " WHERE NOT EXISTS (SELECT 1 FROM enrollment e WHERE e.group_id = o.group_id AND e.person_id = c.student_id"
    " AND e.valid_from <= l.day AND (e.valid_to IS NULL OR e.valid_to > l.day))"
)


class Installations:
    """Empty installations of one kind, each in a folder of its own, on the same day."""

    def __init__(self, templates, kind: str, folder: Callable[[], Path], stack: ExitStack) -> None:
        self._templates, self._kind, self._folder, self._stack = templates, kind, folder, stack
        self.folder = folder()

    def open(self, clock: SetClock) -> Database:
        url = self._stack.enter_context(self._templates.copy(self._kind, self._folder(), "nothing"))
        database = Database(url, clock)
        self._stack.callback(database.close)
        return database


@contextmanager
def installations(templates, kind: str, tmp_path_factory) -> Iterator[Installations]:
    with ExitStack() as stack:
        yield Installations(templates, kind, lambda: tmp_path_factory.mktemp("inverse"), stack)


def begun(at: Installations, random: Random, origin: str) -> History:
    """Two schools: the first made by the services or by a set of another system."""
    history = History(at.open(SetClock(BEGIN)), random)
    path = ORIGINS[origin]
    histories.imported(history, path) if path is not None else histories.found(history)
    histories.found(history)
    _settings_of_their_own(history)
    return history


def _settings_of_their_own(history: History) -> None:
    """The first school has set everything: what it began with is not the usual, and something else came later."""
    numbers = [one for one in SETTINGS.values() if isinstance(one.type, Whole | Hundredths)]
    switches = [one for one in SETTINGS.values() if isinstance(one.type, YesNo)]
    begun = [one.stored(_another(one)) for one in numbers] + [one.stored(not one.usual) for one in switches]
    later = [one.stored(one.usual, BEGIN.date() + timedelta(days=9)) for one in (*numbers, *switches)]
    write_values(history.database, history.schools[0], [*begun, *later])


def _another(setting: Setting[int]) -> int:
    return setting.usual - 1 if setting.usual else 1
