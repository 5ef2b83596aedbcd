"""Teachers at their open journals: who they are, what each may write, none the cells of another."""

from __future__ import annotations

from tests.bench.load import Cell, Tab, Teacher
from tests.bench.schools import Copy, TaughtCourse, signed_in, writable_courses


def cookies_for(copy: Copy, courses: list[TaughtCourse]) -> list[str]:
    return signed_in(copy.database, [course.login for course in courses])


def chosen(copy: Copy, count: int) -> list[TaughtCourse]:
    """`count` tabs over all courses of the school: each course has one before any has two; cells are divided."""
    courses = copy.database.read(writable_courses)
    tabs, share = [], -(-count // len(courses))
    for number in range(count):
        course, part = courses[number % len(courses)], number // len(courses)
        students = sorted({cell[0] for cell in course.cells})[part::share]
        tabs.append(TaughtCourse(course.uid, course.login, [cell for cell in course.cells if cell[0] in students]))
    return tabs


def at_work(url: str, courses: list[TaughtCourse], cookies: list[str]) -> list[Teacher]:
    """A tab for each, not opened yet."""
    return [
        Teacher(
            Tab(url, cookie, f"/journal/{course.uid}/", '"sheet_rx_state_":{"'),
            course.uid,
            [Cell(student, work, version, value) for student, work, version, value in course.cells],
        )
        for course, cookie in zip(courses, cookies, strict=True)
    ]
