"""Invented people: natural names, no famous ones. The same seed gives the same school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ais_app.people.names import sort_key
from ais_app.setup.demo import names

LETTERS = "АБВГДЕ"
CLASSES = ((1, "А", 24), (5, "А", 27), (7, "А", 28), (9, "А", 26), (10, "А", 23), (11, "А", 22))


@dataclass(frozen=True, slots=True)
class Name:
    family: str
    given: str
    patronymic: str


@dataclass(frozen=True, slots=True)
class Guardian:
    name: Name
    relation: str
    former: bool = False


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student with his guardians; `note` is that of his membership, such as «дом»."""

    name: Name
    grade: int
    guardians: tuple[Guardian, ...]
    note: str = ""
    letter: str = "А"


STAFF: dict[str, Name] = {
    "teacher": Name("Орлова", "Наталья", "Викторовна"),
    "class_teacher": Name("Мещерякова", "Ольга", "Павловна"),
    "primary": Name("Доронина", "Светлана", "Игоревна"),
    "math2": Name("Лисицын", "Андрей", "Николаевич"),
    "russian2": Name("Ремизова", "Вера", "Александровна"),
    "english1": Name("Каверина", "Юлия", "Сергеевна"),
    "english2": Name("Стрельцова", "Анна", "Михайловна"),
    "history": Name("Батурин", "Олег", "Дмитриевич"),
    "society": Name("Ларина", "Ирина", "Евгеньевна"),
    "geography": Name("Полозова", "Галина", "Ивановна"),
    "biology": Name("Вишневская", "Марина", "Юрьевна"),
    "physics": Name("Громов", "Сергей", "Васильевич"),
    "chemistry": Name("Астахова", "Людмила", "Петровна"),
    "informatics": Name("Нечаев", "Роман", "Алексеевич"),
    "arts": Name("Садовская", "Татьяна", "Олеговна"),
    "music": Name("Звягина", "Елена", "Борисовна"),
    "labour": Name("Кольцов", "Виктор", "Семёнович"),
    "sport1": Name("Дубров", "Павел", "Андреевич"),
    "sport2": Name("Рыжова", "Оксана", "Владимировна"),
    "safety": Name("Тихонов", "Николай", "Львович"),
    "deputy": Name("Синицына", "Валентина", "Фёдоровна"),
    "director": Name("Воронцов", "Михаил", "Григорьевич"),
    "secretary": Name("Пчёлкина", "Надежда", "Романовна"),
    "admin": Name("Гордеев", "Константин", "Ильич"),
    "inspector": Name("Самойлова", "Екатерина", "Антоновна"),
}
LEADERS = {1: "primary", 5: "russian2", 7: "class_teacher", 9: "history", 10: "math2", 11: "society"}
TEACHERS = tuple(list(STAFF)[: list(STAFF).index("deputy")])
MOTHER = Guardian(Name("Соколова", "Елена", "Игоревна"), "мать")


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody of a school: classes as (grade, letter, size), staff by login, class teachers' logins, pupils."""

    classes: tuple[tuple[int, str, int], ...]
    staff: dict[str, Name]
    leaders: dict[tuple[int, str], str]
    pupils: list[Pupil]

    @property
    def letters(self) -> list[str]:
        return sorted({letter for _grade, letter, _size in self.classes})


def roster() -> Roster:
    """The small school: one class of each grade."""
    leaders = {(grade, "А"): login for grade, login in LEADERS.items()}
    return Roster(CLASSES, STAFF, leaders, pupils())


def large_roster(seed: int = 36) -> Roster:
    """36 classes, 1,000 students: six parallels, each with the teachers and the timetable of the small school."""
    random = Random(seed)
    grades = [grade for grade, _letter, _size in CLASSES]
    class_names = [(grade, letter) for letter in LETTERS for grade in grades]
    classes = tuple((grade, letter, 28 if number < 28 else 27) for number, (grade, letter) in enumerate(class_names))
    staff = dict(STAFF)
    for letter in LETTERS[1:]:
        staff |= {login_in(login, letter): _teacher(random) for login in TEACHERS}
    leaders = {(grade, letter): login_in(LEADERS[grade], letter) for grade, letter in class_names}
    return Roster(classes, staff, leaders, pupils(seed, classes))


def login_in(login: str, letter: str) -> str:
    """The login of the teacher who does in the parallel of `letter` what `login` does in that of «А»."""
    return login if letter == "А" else f"{login}-{LETTERS.index(letter) + 1}"


def _teacher(random: Random) -> Name:
    woman = random.random() < 0.8
    surname = random.choice(names.SURNAMES)
    family, given = (
        (names.feminine(surname), random.choice(names.MOTHERS)) if woman else (surname, random.choice(names.FATHERS))
    )
    return Name(family, given, names.patronymic(random.choice(names.FATHERS), woman=woman))


def pupils(seed: int = 12, classes: Sequence[tuple[int, str, int]] = CLASSES) -> list[Pupil]:
    """The students, by class and name."""
    random = Random(seed)
    surnames = [*names.SURNAMES, *names.OTHER_SURNAMES, *names.INVARIABLE]
    used: set[tuple[str, str]] = set()
    found: list[Pupil] = []
    for grade, letter, size in classes:
        chosen = random.sample(surnames, size)
        members = [_pupil(random, surname, (grade, letter), used) for surname in chosen]
        members = [*members[: size - 1], _sokolov(grade)] if grade in (5, 7) and letter == "А" else members
        found += sorted(members, key=lambda pupil: sort_key(pupil.name.family, pupil.name.given))
    return found


def birth_date(pupil: Pupil, first: date) -> date:
    """When a pupil was born who goes to his grade from `first` on: at 6½ to 7½ years to the first one (273-FZ, 67.1).

    Drawn by name and class alone, so that no other draw of the school changes.
    """
    name = pupil.name
    random = Random(f"born {name.family} {name.given} {name.patronymic} {pupil.grade}{pupil.letter}")
    to_school = first.replace(year=first.year - pupil.grade + 1, day=min(first.day, 28))
    return to_school - timedelta(days=random.randrange(2400, 2740))


def _sokolov(grade: int) -> Pupil:
    father = Guardian(Name("Соколов", "Андрей", "Юрьевич"), "отец", former=grade == 5)
    if grade == 7:
        return Pupil(Name("Соколова", "Мария", "Андреевна"), 7, (MOTHER, father))
    return Pupil(Name("Соколов", "Пётр", "Андреевич"), 5, (MOTHER, father))


def _pupil(random: Random, surname: str, school_class: tuple[int, str], used: set[tuple[str, str]]) -> Pupil:
    girl = random.random() < 0.5
    father = random.choice(names.FATHERS)
    while True:
        given = random.choice(names.GIRLS if girl else names.BOYS)
        family = names.feminine(surname) if girl else surname
        if (family, given) not in used:
            break
    used.add((family, given))
    guardians = []
    if random.random() < 0.95:
        grandfather = random.choice(names.FATHERS)
        name = Name(names.feminine(surname), random.choice(names.MOTHERS), names.patronymic(grandfather, woman=True))
        guardians.append(Guardian(name, "мать"))
    if not guardians or random.random() < 0.6:
        name = Name(surname, father, names.patronymic(random.choice(names.FATHERS), woman=False))
        guardians.append(Guardian(name, "отец"))
    note = "дом" if random.random() < 0.01 else ""
    grade, letter = school_class
    return Pupil(Name(family, given, names.patronymic(father, woman=girl)), grade, tuple(guardians), note, letter)
