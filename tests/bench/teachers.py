"""Teachers at their open journals: who they are, what each may write, none the cells of another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, text

from ais_app.access.queries import actor_of_login
from ais_app.db.columns import new_uid
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation
from ais_app.rights.rules import Actor, Role
from tests.bench.load import Cell, Tab, Teacher
from tests.bench.schools import NOW, Copy, signed_in
from tests.servers import Server


@dataclass(frozen=True)
class TaughtCourse:
    """A course that can be written today: its teacher's login, and its cells without a mark as (student, work, version).

    What is written there is young: a mark that stood there before would ask why it is changed (`docs/decisions/0014`).
    """

    uid: str
    login: str
    cells: list[tuple[str, str, int]]


WRITABLE = """
SELECT course.uid AS course, account.login, person.uid AS student, work.uid AS work,
       COALESCE(cell.version, 0) AS version
FROM lesson
JOIN work ON work.lesson_id = lesson.id
JOIN course ON course.id = lesson.course_id AND course.graded
JOIN course_teacher ON course_teacher.course_id = course.id
JOIN role_assignment ON role_assignment.person_id = course_teacher.person_id
     AND role_assignment.role = 'teacher'
JOIN account ON account.id = role_assignment.account_id
JOIN enrollment ON enrollment.group_id = course.group_id AND enrollment.valid_to IS NULL
JOIN person ON person.id = enrollment.person_id
LEFT JOIN cell ON cell.work_id = work.id AND cell.student_id = person.id
WHERE lesson.day BETWEEN :first AND :last
  AND NOT EXISTS (SELECT 1 FROM mark WHERE mark.work_id = work.id AND mark.student_id = person.id)
ORDER BY course.id, work.id, person.id
"""


def writable_courses(connection: Connection) -> list[TaughtCourse]:
    """Graded courses with lessons of the last seven days, the fullest first."""
    today = NOW.date()
    days = {"first": (today - timedelta(days=6)).isoformat(), "last": today.isoformat()}
    found: dict[str, TaughtCourse] = {}
    for row in connection.execute(text(WRITABLE), days):
        course = found.setdefault(row.course, TaughtCourse(row.course, row.login, []))
        course.cells.append((row.student, row.work, row.version))
    return sorted(found.values(), key=lambda one: -len(one.cells))


def chosen(copy: Copy, count: int) -> list[TaughtCourse]:
    """`count` tabs over all courses of the school: each course has one before any has two; cells are divided."""
    courses = copy.database.read(writable_courses)
    tabs, share = [], -(-count // len(courses))
    for number in range(count):
        course, part = courses[number % len(courses)], number // len(courses)
        students = sorted({cell[0] for cell in course.cells})[part::share]
        tabs.append(TaughtCourse(course.uid, course.login, [cell for cell in course.cells if cell[0] in students]))
    return tabs


@contextmanager
def served(copy: Copy, count: int) -> Iterator[tuple[Server, list[Teacher]]]:
    """The server over this copy, and `count` teachers with a tab each, not opened yet.

    Whoever asks again for the same copy gets teachers who know what was written meanwhile.
    """
    courses = chosen(copy, count)
    cookies = signed_in(copy.database, [course.login for course in courses])
    with copy.served() as server:
        yield server, [at_work(server.url, *one) for one in zip(courses, cookies, strict=True)]


def at_work(url: str, course: TaughtCourse, cookie: str) -> Teacher:
    tab = Tab(url, cookie, f"/journal/{course.uid}/", '"wanted_rx_state_":{"')
    return Teacher(tab, course.uid, [Cell(*cell) for cell in course.cells])


def operations(copy: Copy, course: TaughtCourse, random: Random) -> tuple[Actor, Iterator[MarksOperation]]:
    """The course's teacher and his operations of one mark, for the service itself: each takes the one before as done."""
    actor = copy.database.read(actor_of_login, course.login, Role.TEACHER, copy.database.clock.now())
    cells = {(student, work): (version, "") for student, work, version in course.cells}

    def endless() -> Iterator[MarksOperation]:
        while True:
            place = random.choice(list(cells))
            version, value = cells[place]
            entry = MarkEntry(*place, random.choice([one for one in "5432" if one != value]), version)
            yield MarksOperation(new_uid(), course.uid, [entry])
            cells[place] = version + 1, entry.text

    return actor, endless()
