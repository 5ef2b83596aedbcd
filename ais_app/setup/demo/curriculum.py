"""What is taught, by whom and when: hours, plans of topics, a timetable without clashes. Deterministic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

DAYS = 5
ENGLISH = "Иностранный язык (английский)"

# (name, code, weight, is a control work, is the ordinary one)
CONTROL_TYPES = (
    ("Работа на уроке", "УР", 3, False, True),
    ("Домашняя работа", "ДЗ", 1, False, False),
    ("Практическая работа", "ПР", 3, False, False),
    ("Лабораторная работа", "ЛР", 3, False, False),
    ("Самостоятельная работа", "СР", 4, False, False),
    ("Контрольная работа", "КР", 5, True, False),
    ("Диктант", "Д", 5, True, False),
    ("Сочинение", "С", 5, True, False),
)

# grade: {subject: (hours a week, teacher)}; English lists the teachers of both halves.
HOURS: dict[int, dict[str, tuple[int, str]]] = {
    1: {
        "Русский язык": (5, "primary"),
        "Литературное чтение": (3, "primary"),
        "Математика": (4, "primary"),
        "Окружающий мир": (2, "primary"),
        "Изобразительное искусство": (1, "arts"),
        "Музыка": (1, "music"),
        "Труд (технология)": (1, "primary"),
        "Физическая культура": (2, "sport1"),
    },
    5: {
        "Русский язык": (5, "russian2"),
        "Литература": (3, "russian2"),
        ENGLISH: (3, "english1,english2"),
        "Математика": (5, "teacher"),
        "История": (2, "history"),
        "Биология": (1, "biology"),
        "География": (1, "geography"),
        "Музыка": (1, "music"),
        "Изобразительное искусство": (1, "arts"),
        "Труд (технология)": (2, "labour"),
        "Физическая культура": (2, "sport1"),
    },
    7: {
        "Русский язык": (4, "class_teacher"),
        "Литература": (2, "class_teacher"),
        ENGLISH: (3, "english1,english2"),
        "Алгебра": (3, "teacher"),
        "Геометрия": (2, "teacher"),
        "Вероятность и статистика": (1, "informatics"),
        "Информатика": (1, "informatics"),
        "История": (2, "history"),
        "Обществознание": (1, "society"),
        "География": (2, "geography"),
        "Биология": (1, "biology"),
        "Физика": (2, "physics"),
        "Изобразительное искусство": (1, "arts"),
        "Музыка": (1, "music"),
        "Труд (технология)": (2, "labour"),
        "Физическая культура": (2, "sport2"),
    },
    9: {
        "Русский язык": (3, "class_teacher"),
        "Литература": (3, "class_teacher"),
        ENGLISH: (3, "english1,english2"),
        "Алгебра": (3, "teacher"),
        "Геометрия": (2, "math2"),
        "Вероятность и статистика": (1, "informatics"),
        "Информатика": (1, "informatics"),
        "История": (2, "history"),
        "Обществознание": (1, "society"),
        "География": (2, "geography"),
        "Биология": (2, "biology"),
        "Физика": (3, "physics"),
        "Химия": (2, "chemistry"),
        "ОБЗР": (1, "safety"),
        "Труд (технология)": (1, "labour"),
        "Физическая культура": (2, "sport2"),
    },
    10: {
        "Русский язык": (2, "russian2"),
        "Литература": (3, "russian2"),
        ENGLISH: (3, "english1,english2"),
        "Алгебра": (4, "math2"),
        "Геометрия": (2, "math2"),
        "Вероятность и статистика": (1, "informatics"),
        "Информатика": (1, "informatics"),
        "История": (2, "history"),
        "Обществознание": (2, "society"),
        "География": (1, "geography"),
        "Биология": (1, "biology"),
        "Физика": (2, "physics"),
        "Химия": (1, "chemistry"),
        "ОБЗР": (1, "safety"),
        "Индивидуальный проект": (1, "society"),
        "Физическая культура": (3, "sport2"),
    },
    11: {
        "Русский язык": (2, "russian2"),
        "Литература": (3, "russian2"),
        ENGLISH: (3, "english1,english2"),
        "Алгебра": (4, "math2"),
        "Геометрия": (2, "math2"),
        "Вероятность и статистика": (1, "informatics"),
        "Информатика": (1, "informatics"),
        "История": (2, "history"),
        "Обществознание": (2, "society"),
        "География": (1, "geography"),
        "Биология": (1, "biology"),
        "Физика": (2, "physics"),
        "Химия": (1, "chemistry"),
        "ОБЗР": (1, "safety"),
        "Физическая культура": (3, "sport1"),
    },
}
SHORT = {ENGLISH: "Английский язык", "Изобразительное искусство": "ИЗО", "Физическая культура": "Физкультура"}
ROOMS = {
    "primary": "101",
    "teacher": "305",
    "math2": "307",
    "class_teacher": "210",
    "russian2": "212",
    "english1": "314",
    "english2": "316",
    "history": "208",
    "society": "206",
    "geography": "204",
    "biology": "302",
    "physics": "309",
    "chemistry": "303",
    "informatics": "311",
    "arts": "112",
    "music": "114",
    "labour": "мастерская",
    "sport1": "малый зал",
    "sport2": "спортзал",
    "safety": "202",
}
BELLS = (
    ("08:30", "09:15"),
    ("09:25", "10:10"),
    ("10:30", "11:15"),
    ("11:35", "12:20"),
    ("12:30", "13:15"),
    ("13:25", "14:10"),
    ("14:20", "15:05"),
)
FIRST_GRADE_BELLS = (("08:30", "09:05"), ("09:20", "09:55"), ("10:40", "11:15"), ("11:30", "12:05"), ("12:20", "12:55"))


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """One lesson of a plan: topic, code of its work, homework with expected minutes (None = nothing set)."""

    topic: str
    kind: str
    homework: str | None
    minutes: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly lesson of a class; English has one slot for both halves."""

    grade: int
    subject: str
    weekday: int
    number: int


_TOPIC = re.compile(r"^(?P<topic>.*?)(?:\{(?P<kind>[^}]+)\})?(?:\*(?P<hours>\d+))?$")


@cache
def _plans() -> dict[tuple[int, str], str]:
    plans: dict[tuple[int, str], str] = {}
    for line in (Path(__file__).parent / "plans.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            grade, subject, topics = line.split("|")
            plans[int(grade), subject] = topics
    return plans


def plan(grade: int, subject: str) -> Iterator[PlannedLesson]:
    """The lessons of a year in order; after the last topic, revision without end."""
    lesson = count(1)
    for part in _plans()[grade, subject].split(";"):
        found = _TOPIC.match(part.strip())
        if found is None:
            raise ValueError(part)
        hours = int(found["hours"] or 1)
        for hour in range(hours):
            topic = found["topic"] if hour == 0 else f"{found['topic']}. {_PRACTICE[(hour - 1) % len(_PRACTICE)]}"
            kind = (found["kind"] or "") if hour == hours - 1 else ""
            yield _planned(grade, subject, next(lesson), topic, kind)
    while True:
        yield _planned(grade, subject, next(lesson), "Повторение и обобщение", "")


_PRACTICE = ("Закрепление", "Практикум", "Обобщение")


def _planned(grade: int, subject: str, number: int, topic: str, kind: str) -> PlannedLesson:
    homework, minutes = _homework(grade, subject, number, kind)
    return PlannedLesson(topic, kind, homework, minutes)


def _homework(grade: int, subject: str, number: int, kind: str) -> tuple[str | None, int]:
    """A task as teachers write it; first grade has none, physical education rarely."""
    paragraph, exercise = number // 2 + 3, 7 * number + 11
    if grade == 1 or kind in ("КР", "Д"):
        return None, 0
    tasks = {
        "Математика": (f"§ {paragraph}, № {exercise}–{exercise + 3}", 25),
        "Алгебра": (f"§ {paragraph}, № {exercise} (а–г), {exercise + 5}", 25),
        "Геометрия": (f"п. {paragraph}, № {exercise}, {exercise + 2}", 25),
        "Русский язык": (f"Упр. {exercise}, правило на с. {paragraph * 4 + 6}", 20),
        "Литература": (f"Прочитать с. {exercise}–{exercise + 9}, ответить на вопросы", 30),
        ENGLISH: (f"Слова Unit {number // 9 + 1}, упр. {number % 6 + 2} с. {exercise % 90 + 8}", 20),
        "История": (f"§ {paragraph}, вопросы 1–{number % 3 + 3}, даты в тетради", 20),
        "Обществознание": (f"§ {paragraph}, термины выучить", 15),
        "География": (f"§ {paragraph}, контурная карта", 20),
        "Биология": (f"§ {paragraph}, пересказ", 15),
        "Физика": (f"§ {paragraph}, упр. {number % 20 + 1} (1–3)", 25),
        "Химия": (f"§ {paragraph}, № {number % 7 + 1}, {number % 7 + 3}", 20),
        "Информатика": (f"§ {paragraph}, вопросы 1–4", 15),
        "Вероятность и статистика": (f"п. {paragraph}, № {exercise % 150 + 4}", 15),
        "Индивидуальный проект": ("Дополнить план исследования", 30),
        "ОБЗР": (f"Тема {paragraph}, вопросы в конце", 10),
    }
    if subject not in tasks or number % 9 == 0:
        return None, 0
    return tasks[subject]


@cache
def timetable() -> tuple[Slot, ...]:
    """The week of one parallel without clashes: no class or teacher twice at a time, no free lessons within a day."""
    for attempt in range(2000):
        slots = _try_timetable(Random(attempt))
        if slots is not None:
            return slots
    msg = "no timetable found"
    raise RuntimeError(msg)


def _try_timetable(random: Random) -> tuple[Slot, ...] | None:
    busy: set[tuple[str, int, int]] = set()
    placed: list[Slot] = []
    for grade in sorted(HOURS, key=lambda grade: -sum(hours for hours, _teacher in HOURS[grade].values())):
        slots = _try_class(random, grade, busy)
        if slots is None:
            return None
        placed += slots
    return tuple(sorted(placed, key=lambda slot: (slot.grade, slot.weekday, slot.number)))


def _try_class(random: Random, grade: int, busy: set[tuple[str, int, int]]) -> list[Slot] | None:
    total = sum(hours for hours, _teacher in HOURS[grade].values())
    lengths = [total // DAYS + (1 if day < total % DAYS else 0) for day in range(DAYS)]
    random.shuffle(lengths)
    left = {subject: hours for subject, (hours, _teacher) in HOURS[grade].items()}
    slots: list[Slot] = []
    for day, length in enumerate(lengths, 1):
        today: set[str] = set()
        days_left = DAYS - day + 1
        for number in range(1, length + 1):
            free = [
                subject
                for subject, hours in left.items()
                if hours
                and (subject not in today or hours > days_left)
                and not any((teacher, day, number) in busy for teacher in HOURS[grade][subject][1].split(","))
            ]
            if not free:
                return None
            chosen = max(free, key=lambda subject: (left[subject] >= days_left, left[subject] + random.random() * 3))
            left[chosen] -= 1
            today.add(chosen)
            busy |= {(teacher, day, number) for teacher in HOURS[grade][chosen][1].split(",")}
            slots.append(Slot(grade, chosen, day, number))
    return slots
