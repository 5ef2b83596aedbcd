"""The open grid of a journal in Chromium: keys and what comes of them, and a course of the size that P-1…P-6 name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.journal import settings
from ais_app.journal.grid.service import marks
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.ledger import triggers
from tests import servers
from tests.bench import schools
from tests.bench.browser import Address, Visitor, chromium, until
from tests.builders import SmallSchool, large_course, small_school
from tests.settings import begin_with

STUDENTS, LESSONS = 33, 80
SIZE = f"{STUDENTS} × {LESSONS}"
LEFT_OUT = 3  # the first keys on a page warm it up

# Times a trusted key from the moment the browser made the event until the cell has its value and the next the focus,
# and until the cell is at rest: committed, answered, its mean drawn.
WATCH = """
() => {
  const done = window.bench = { value: [], saved: [] };
  let pressed = null;
  document.addEventListener("keydown", (event) => {
    if (event.key.length > 1) return;
    const cell = event.target.closest("td");
    pressed = cell ? { at: event.timeStamp, cell, shown: false } : null;
  }, true);
  const look = () => {
    if (!pressed) return;
    const { cell, at } = pressed, now = performance.now();
    if (cell.dataset.state !== "rest") pressed.left = true;
    const next = document.activeElement.closest("td");
    if (!pressed.shown && cell.dataset.value && cell.dataset.state !== "rest" && next && next !== cell) {
      pressed.shown = true; done.value.push(now - at);
    }
    if (pressed.left && cell.dataset.state === "rest") { done.saved.push(now - at); pressed = null; }
  };
  new MutationObserver(look).observe(document.querySelector("[data-testid=journal-grid]"),
    { subtree: true, childList: true, attributes: true });
  document.addEventListener("focusin", look, true);
}
"""
# The columns whose every cell can be written, the last one first, and how many rows there are.
WRITABLE = """
() => {
  const rows = [...document.querySelectorAll("[data-testid=journal-grid] tbody tr")];
  const open = (c) => rows.every((row) => row.querySelector(`td[data-c="${c}"]`).ariaReadOnly === "false");
  const columns = [...rows[0].querySelectorAll("td[data-c]")].map((cell) => Number(cell.dataset.c));
  return { rows: rows.length, columns: columns.filter(open).reverse() };
}
"""

MEMBERS = """
SELECT person.uid FROM course JOIN enrollment ON enrollment.group_id = course.group_id
JOIN person ON person.id = enrollment.person_id WHERE course.uid = :course ORDER BY person.id
"""
WORKS = """
SELECT work.uid FROM course JOIN lesson ON lesson.course_id = course.id JOIN work ON work.lesson_id = lesson.id
WHERE course.uid = :course ORDER BY work.id
"""


def journal(course: str, more_cells: int = 1) -> Address:
    """A course's page, usable once the grid is there with rows of more than so many cells."""
    return Address(
        f"/journal/{course}",
        f"document.querySelector('[data-testid=journal-grid] tbody tr')?.cells.length > {more_cells}",
    )


def open_cell(page: Page, row: int, column: int) -> None:
    page.locator(f'td[data-r="{row}"][data-c="{column}"]').click()
    page.get_by_test_id("active-cell").wait_for()


class Hand:
    """Enters marks with single keys, down one column that can be written after the other, each once the last is saved."""

    def __init__(self, page: Page) -> None:
        self._page, self._pressed = page, 0
        found = page.evaluate(WRITABLE)
        self._rows, self._columns = found["rows"] - 1, found["columns"]  # from the last row the focus would not go on
        assert self._columns, "no column of this journal can be written"
        page.evaluate(WATCH)

    def press(self) -> None:
        row, column = self._pressed % self._rows, self._pressed // self._rows % len(self._columns)
        if row == 0:
            open_cell(self._page, 0, self._columns[column])
        cell = self._page.locator(f'td[data-r="{row}"][data-c="{self._columns[column]}"]')
        there = cell.get_attribute("data-value")
        self._page.keyboard.press(next(one for one in "5432"[self._pressed % 4 :] + "5" if one != there))
        self._pressed += 1
        until(self._page, f"window.bench.saved.length >= {self._pressed}")

    @property
    def shown(self) -> list[float]:
        """Seconds of each key until the value is in the cell and the focus in the next."""
        return [one / 1000 for one in self._page.evaluate("window.bench.value")][LEFT_OUT:]

    @property
    def saved(self) -> list[float]:
        """Seconds of each key until the cell is at rest again: committed, its mean drawn."""
        return [one / 1000 for one in self._page.evaluate("window.bench.saved")][LEFT_OUT:]


def fill(school: SmallSchool, course: str, each_lesson: int) -> None:
    """Give so many students a mark in every lesson of the course."""
    teacher, random = school.teacher(), Random(9)
    with school.database.connect() as connection:
        students = connection.execute(text(MEMBERS), {"course": course}).scalars().all()
        works = connection.execute(text(WORKS), {"course": course}).scalars().all()
    for work in works:
        entries = [MarkEntry(one, work, random.choice("5432"), 0) for one in random.sample(students, each_lesson)]
        operation = marks.MarksOperation(new_uid(), course, entries)
        school.database.write(lambda uow, operation=operation: marks.enter_marks(uow, teacher, operation))


# The school of tests has Latin names, which would bring a font that no Russian school asks for.
IN_RUSSIAN = (
    "UPDATE school SET name = 'Школа № 1', short_name = 'Школа № 1'",
    "UPDATE person SET family_name = 'Ученик ' || id, given_name = 'Иван', patronymic = 'Иванович'",
    "UPDATE course SET name = 'Физика'",
    "UPDATE subject SET name = 'Физика', short_name = 'Физ'",
    "UPDATE control_type SET name = 'Работа на уроке', code = 'У' || id",
    "UPDATE lesson SET topic = 'Тема' WHERE topic <> ''",
    "UPDATE grading_period SET name = 'Четверть ' || id",
)


@contextmanager
def teacher_of_the_course(contexts: int, each_lesson: int = 0) -> Iterator[tuple[Browser, Visitor, Address]]:
    """Chromium, the teacher of a served course of 33 × 80 (as often as he comes with a new browser), and its page.

    `each_lesson`: how many students have a mark in a lesson.
    """
    with TemporaryDirectory(prefix="ais-bench-") as name:
        path = Path(name) / "ais.sqlite3"
        database = Database(f"sqlite:///{path}", SetClock(schools.NOW))
        migrations.upgrade(database, triggers.install)
        school = small_school(database)
        begin_with(database, school.ref, settings.EDIT_WINDOW, 300)
        course = large_course(school, STUDENTS, LESSONS)
        database.write(lambda uow: [uow.execute(text(statement)) for statement in IN_RUSSIAN])
        if each_lesson:
            fill(school, course, each_lesson)
        cookies = schools.signed_in(database, ["teacher"] * contexts)
        database.close()
        with servers.running(Path(name), f"sqlite:///{path}") as server, chromium() as browser:
            yield browser, Visitor(browser, server.url, cookies), journal(course, LESSONS)
