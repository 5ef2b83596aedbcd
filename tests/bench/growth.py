"""One school as it grows: what P-13 measures in it, by the services alone and in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from playwright.sync_api import Browser
from sqlalchemy import text

from ais_app.access.queries import actor_of_login
from ais_app.diary import views as diary
from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.grid import views as journal
from ais_app.journal.grid.service import marks
from ais_app.rights.rules import Role
from tests.bench import grid, p08, schools, teachers
from tests.bench.browser import Address, Opening, Visitor
from tests.bench.figures import took
from tests.builders import read_as

THE_YEAR = "P-8 the aggregating statement for the school's present year"
ROUNDS, FEW = 200, 12  # of what takes milliseconds, and of what takes a second
DIARY = Address("/diary", "document.querySelector('[data-testid=diary] [data-testid^=lesson-]')")


def marks_in(copy: schools.Copy) -> int:
    return copy.database.read(lambda one: one.execute(text("SELECT count(*) FROM mark")).scalar_one())


class Services:
    """The server's own part: services and reads in this process."""

    def __init__(self, copy: schools.Copy) -> None:
        self._database = copy.database
        now = self._database.clock.now()
        self._today = now.date()
        self._course = teachers.chosen(copy, 1)[0]
        self._teacher, self._operations = teachers.operations(copy, self._course, Random(8))
        self._grant = ViewGrant(self._teacher, self._course.uid, SEAL)
        self._family = self._database.read(actor_of_login, "student", Role.STUDENT, now)
        self._class = self._database.read(p08.courses_of, "9А")
        self._acts = {
            "edit with its commit": self._edit,
            "open a journal": self._open,
            "diary week": self._week,
            "P-8 means of a class": self._means,
            THE_YEAR: self._year,
        }
        self.rounds = dict.fromkeys(self._acts, ROUNDS) | {THE_YEAR: FEW}

    def act(self, what: str) -> float:
        """Seconds of one of the acts."""
        return took(self._acts[what])

    def _edit(self) -> None:
        operation = next(self._operations)
        self._database.write(lambda uow: marks.enter_marks(uow, self._teacher, operation))

    def _open(self) -> None:
        read_as(self._database, journal.opened, self._teacher, self._today, self._grant, ("", ""))

    def _week(self) -> None:
        monday = self._today - timedelta(days=self._today.weekday() + 7)
        asked = (self._family.hat.person_uid, monday, monday)
        read_as(self._database, diary.week, self._family, self._today, *asked, with_news=False)

    def _means(self) -> None:
        assert self._database.read(p08.means, self._class, self._today)

    def _year(self) -> None:
        assert self._database.read(p08.aggregated, p08.THE_SCHOOL, self._today)


class Pages:
    """A teacher of the served school at his journal and a student at his diary."""

    def __init__(self, teacher: Visitor, course: str, student: Visitor) -> None:
        self._teacher, self._student, self._journal = teacher, student, grid.journal(course)
        self.hand = grid.Hand(teacher.opened(self._journal))

    def journal(self) -> tuple[Opening, Opening]:
        return self._teacher.first_and_later(self._journal)

    def diary(self) -> tuple[Opening, Opening]:
        return self._student.first_and_later(DIARY)


@contextmanager
def pages(copy: schools.Copy, browser: Browser, opens: int) -> Iterator[Pages]:
    """The school served, each page to be opened as often as `opens` says."""
    course = teachers.chosen(copy, 1)[0]
    at_work = schools.signed_in(copy.database, [course.login] * (opens + 1))
    at_home = schools.signed_in(copy.database, ["student"] * opens)
    with copy.served() as server:
        teacher, student = (Visitor(browser, server.url, cookies) for cookies in (at_work, at_home))
        yield Pages(teacher, course.uid, student)
