"""P-13 growth: the same four things in a school of one year and after 5 and 25 years, measured in turns.

Five years in full: the large school (1,000 students, two million marks). 25 years: the small one (150 students), since
25 years of the large one take half an hour to write. Both with the ledger of every year.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from shutil import copyfile
from time import perf_counter

from sqlalchemy import text

from ais_app.access.queries import actor_of_login
from ais_app.access.rules import Role
from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.diary import views as diary
from ais_app.journal import views as journal
from ais_app.journal.queries import cells, sheet
from ais_app.journal.service import marks
from ais_app.journal.service.cells import MarkEntry
from ais_app.setup.demo import founding, people
from ais_app.setup.demo.large import ASKED, LATE_WEEK
from ais_app.setup.demo.school import write_demonstration
from tests.bench import history, schools
from tests.bench.figures import Figure, median, percentile, spelled

ROUNDS, FLAT = 200, 1.2
WHAT = ("edit with its commit", "open a journal", "diary week", "means of a class")


def small() -> Path:
    return schools.kept("small", write_demonstration)


def grown(
    name: str, base: Path, years: int, roster: Callable[[], people.Roster], week: int, asked: tuple[int, int]
) -> Path:
    """The school `base` with `years` years in all."""

    def write(database: Database) -> None:
        path = Path(str(database.url.database))
        database.close()
        copyfile(base, path)
        opened = schools.opened_to_fill(path)
        history.add_years(opened, roster(), years - 1, week, asked)
        opened.close()

    return schools.kept(f"{name}-{years}", write)


class School:
    """One school and what is measured in it; each `act` returns seconds."""

    def __init__(self, copy: schools.Copy) -> None:
        self._database, self._random = copy.database, Random(8)
        read, now = self._database.read, self._database.clock.now()
        self._today = now.date()
        self._course = read(schools.writable_courses)[0]
        self._teacher = read(actor_of_login, self._course.login, Role.TEACHER, now)
        self._family = read(actor_of_login, "student", Role.STUDENT, now)
        self._versions = {cell[:2]: cell[2:] for cell in self._course.cells}
        self._class = read(lambda one: one.execute(text(COURSES)).all())
        self.marks = read(lambda one: one.execute(text("SELECT count(*) FROM mark")).scalar_one())

    def act(self, what: str) -> float:
        begun = perf_counter()
        {WHAT[0]: self._edit, WHAT[1]: self._open, WHAT[2]: self._week, WHAT[3]: self._means}[what]()
        return perf_counter() - begun

    def _edit(self) -> None:
        place = self._random.choice(list(self._versions))
        version, value = self._versions[place]
        entry = MarkEntry(*place, self._random.choice([one for one in "5432" if one != value]), version)
        operation = marks.MarksOperation(new_uid(), self._course.uid, [entry])
        self._database.write(lambda uow: marks.enter_marks(uow, self._teacher, operation))
        self._versions[place] = version + 1, entry.text

    def _open(self) -> None:
        self._database.read(journal.opened, self._teacher, self._course.uid, ("", ""), self._today)

    def _week(self) -> None:
        monday = self._today - timedelta(days=self._today.weekday() + 7)
        student = self._family.hat.person_uid
        self._database.read(diary.week, self._family, student, monday, monday, self._today)

    def _means(self) -> None:
        def read(connection) -> None:
            for row in self._class:
                period = sheet.present_period(sheet.periods(connection, row.scheme_id), self._today)
                students = sheet.students(connection, row.group_id, period.first, period.last)
                cells.means(connection, row.id, period.first, period.last, [one.id for one in students])

        self._database.read(read)


COURSES = """
SELECT course.id, course.scheme_id, course.group_id FROM course
JOIN school_class ON school_class.id = course.class_id
WHERE school_class.name = '9А' AND course.year_id = (SELECT id FROM academic_year ORDER BY starts_on DESC LIMIT 1)
"""


def compared(young: Path, old: Path, what: str) -> list[Figure]:
    """`old` beside `young`, in turns, so that whatever else the machine does falls on both."""
    figures = []
    with ExitStack() as stack:
        first, last = (School(stack.enter_context(schools.copied(path))) for path in (young, old))
        for act in WHAT:
            pairs = [(first.act(act), last.act(act)) for _round in range(ROUNDS + 5)][5:]
            before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            ratio = median(after) / median(before)
            figures.append(
                Figure(
                    "P-13",
                    f"{act}, {what} ({last.marks:,} marks)",
                    median(after) * 1000,
                    percentile(after, 0.95) * 1000,
                    limit=f"≤ {FLAT} × the first year",
                    met=ratio <= FLAT,
                    reference=f"one year ({first.marks:,} marks): {spelled(median(before) * 1000)} ms",
                    ratio=ratio,
                )
            )
    return figures


def run() -> list[Figure]:
    large = schools.large()
    five = grown("large", large, 5, people.large_roster, LATE_WEEK, ASKED)
    many = grown("small", small(), 25, people.roster, founding.THIS_WEEK, (4, 9))
    return [
        *compared(large, five, "1,000 students, 5 years"),
        *compared(small(), many, "150 students, 25 years"),
    ]
