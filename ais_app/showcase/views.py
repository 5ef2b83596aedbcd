"""Rows to show: made here, of no school."""

from __future__ import annotations

from dataclasses import dataclass

from ais_app.access.list_address import ListPage, page_of, searched
from ais_app.showcase.payloads import KitAddress

CLASSES = ("5А", "6Г")
SUBJECTS = ("Алгебра", "География", "Ёмкий курс с очень длинным названием, которое не помещается в строку", "Химия")
COLUMNS = ("title", "teacher", "lessons", "debts")
USUAL = "-debts"
SAMPLE = 120


@dataclass(frozen=True, slots=True)
class KitRow:
    uid: str
    title: str
    school_class: str
    teacher: str
    lessons: int
    debts: int


def _sample() -> list[KitRow]:
    made: list[KitRow] = []
    for number in range(SAMPLE):
        school_class, subject = CLASSES[number % 2], SUBJECTS[number // 2 % len(SUBJECTS)]
        debts = number * 7 % 5 if number % 3 else 0
        title = f"{school_class} · {subject} {number + 1}"
        made.append(KitRow(f"r{number}", title, school_class, "Орлова Н. В." if number % 4 else "", number % 30, debts))
    return made


ALL = _sample()


def listed(asked: KitAddress) -> tuple[list[KitRow], ListPage, dict[str, int]]:
    """(rows of the page, which those are, {part: count}) of the sample."""
    if asked.part == "none":
        return [], page_of(1, 0), {"": 0, "debts": 0}
    fitting = [row for row in ALL if asked.school_class in ("", row.school_class)]
    fitting = [row for row in fitting if all(word in searched(f"{row.title} {row.teacher}") for word in asked.words)]
    counts = {"": len(fitting), "debts": sum(row.debts > 0 for row in fitting)}
    if asked.part == "debts":
        fitting = [row for row in fitting if row.debts]
    column, falls = asked.order(COLUMNS, USUAL)
    fitting.sort(key=lambda row: getattr(row, column), reverse=falls)
    page = page_of(asked.number, len(fitting))
    return fitting[max(0, page.first - 1) : page.last], page, counts
