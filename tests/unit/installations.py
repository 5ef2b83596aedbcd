"""Installations between which schools move, and the sets from which schools may come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from ais_app.clock import SetClock
from ais_app.db import Database, UnitOfWork
from ais_app.ledger.kinds import Kind
from ais_app.people.records import SCHOOL
from ais_app.rights.rules import operator
from ais_app.school import rules
from ais_app.school.service.operation import setting_up
from tests import histories
from tests.histories import BEGIN, History
from tests.unit.sets import SDS, SET, SET12

# No page changes the settings of a school yet.
_SET = Kind("settings_tried", lambda: "Settings were tried", without=lambda: "It only happens in tests.")
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
    """Every setting of the first school is another one than a school begins with."""
    first, known = history.schools[0], rules.SchoolDraft("", "", "")
    other = {
        "edit_window_days": known.edit_window_days + 2,
        "topic_days": known.topic_days + 1,
        "homework_minutes": known.homework_minutes + 5,
        "mark_one_allowed": not known.mark_one_allowed,
        "mark_beside_absence": not known.mark_beside_absence,
        "correction_hours": known.correction_hours + 12,
        "opening_hours": known.opening_hours + 24,
    }

    def write(uow: UnitOfWork) -> None:
        with setting_up(uow, operator(), first, _SET) as op:
            op.update(SCHOOL, first.id, **other)

    history.database.write(write)
