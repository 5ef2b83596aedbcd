"""Large valid OneRoster 1.2 sets of invented people: for measuring imports (P-11) and for tests. Same seed, same set."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

from ais_app.setup.demo import names

SUBJECTS = (
    *("Русский язык", "Литература", "Английский язык", "Математика", "История", "География"),
    *("Биология", "Физика", "Информатика", "Музыка", "Труд", "Физкультура"),
)
LETTERS, GRADES, CLASS_SIZE = "АБВГДЕЖЗ", 11, 25
_CYRILLIC = "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я"
_SPELLED = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch _ y _ e yu ya"
_LATIN: dict[str, str] = dict(zip(_CYRILLIC.split(), _SPELLED.split(), strict=True))


@dataclass
class _Set:
    """Rows of each file as they are made."""

    users: list[Sequence[str]] = field(default_factory=list)
    roles: list[Sequence[str]] = field(default_factory=list)
    classes: list[Sequence[str]] = field(default_factory=list)
    enrollments: list[Sequence[str]] = field(default_factory=list)


def generate_oneroster(folder: Path, students: int = 1000, year: int = 2026, seed: int = 12) -> Path:
    """Write a set with `students`, two guardians for each, classes of 25 with 12 subjects, and their teachers.

    Returns the folder. The school year runs from September of `year`, in four quarters.
    """
    random, rows, numbers = Random(seed), _Set(), count(1)
    teachers = [_user(rows, random, numbers, "teacher") for _number in range(max(12, students // 16))]
    classes = max(1, -(-students // CLASS_SIZE))
    for index in range(classes):
        grade, letter = index % GRADES + 1, LETTERS[index // GRADES % len(LETTERS)]
        members = []
        for _number in range(index * CLASS_SIZE, min(students, (index + 1) * CLASS_SIZE)):
            guardians = [_user(rows, random, numbers, "parent") for _each in range(2)]
            members.append(_user(rows, random, numbers, "student", agents=guardians, grade=grade))
        _class(rows, random, f"h-{index}", f"{grade}{letter}", "homeroom", members, teachers)
        for subject, name in enumerate(SUBJECTS):
            _class(rows, random, f"c-{index}-{subject}", name, "scheduled", members, teachers, subject)
    folder.mkdir(parents=True, exist_ok=True)
    _write_all(folder, rows, year)
    return folder


def _user(
    rows: _Set, random: Random, numbers: Iterable[int], role: str, agents: Sequence[str] = (), grade: int = 0
) -> str:
    number = next(iter(numbers))
    key, woman = f"u-{number}", random.random() < 0.5
    surname = random.choice(names.SURNAMES)
    family = names.feminine(surname) if woman else surname
    given = random.choice(names.GIRLS if woman else names.BOYS)
    middle = names.patronymic(random.choice(names.FATHERS), woman=woman)
    login = "".join(_LATIN.get(sign, "") for sign in family.casefold()).replace("_", "") + f".{number}"
    rows.users.append(
        (key, "", "", "true", login, given, family, middle, ",".join(agents), f"{grade:02}" * bool(grade))
    )
    rows.roles.append((f"r-{number}", "", "", key, "primary", role, "", "", "school"))
    return key


def _class(
    rows: _Set,
    random: Random,
    key: str,
    title: str,
    kind: str,
    members: Iterable[str],
    teachers: Sequence[str],
    subject: int | None = None,
) -> None:
    course = f"course-{subject}" if subject is not None else "course-home"
    rows.classes.append((key, "", "", title, course, kind, "school", "q-1,q-2,q-3,q-4", ""))
    rows.enrollments.append((f"{key}-t", "", "", key, "school", random.choice(teachers), "teacher", "true", "", ""))
    rows.enrollments += [
        (f"{key}-{member}", "", "", key, "school", member, "student", "false", "", "") for member in members
    ]


def _write_all(folder: Path, rows: _Set, year: int) -> None:
    common = ("sourcedId", "status", "dateLastModified")
    days = (("09-01", "10-25"), ("11-02", "12-30"), ("01-11", "03-26"), ("04-05", "05-28"))
    sessions = [
        ("year", "", "", f"{year}/{(year + 1) % 100:02}", "schoolYear", f"{year}-09-01", f"{year + 1}-05-31", "")
    ]
    for number, (first, last) in enumerate(days, 1):
        at = year + (number > 2)
        sessions.append(
            (f"q-{number}", "", "", f"{number} четверть", "gradingPeriod", f"{at}-{first}", f"{at}-{last}", "year")
        )
    courses = [(f"course-{number}", "", "", "year", name, "school", name) for number, name in enumerate(SUBJECTS)]
    courses.append(("course-home", "", "", "year", "Классный час", "school", ""))
    written = {
        "orgs": ((*common, "name", "type", "parentSourcedId"), [("school", "", "", "Школа № 1000", "school", "")]),
        "academicSessions": ((*common, "title", "type", "startDate", "endDate", "parentSourcedId"), sessions),
        "courses": ((*common, "schoolYearSourcedId", "title", "orgSourcedId", "subjects"), courses),
        "classes": (
            (*common, "title", "courseSourcedId", "classType", "schoolSourcedId", "termSourcedIds", "subjects"),
            rows.classes,
        ),
        "users": (
            (
                *common,
                *("enabledUser", "username", "givenName", "familyName", "middleName", "agentSourcedIds", "grades"),
            ),
            rows.users,
        ),
        "roles": (
            (*common, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId"),
            rows.roles,
        ),
        "enrollments": (
            (
                *common,
                *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
            ),
            rows.enrollments,
        ),
    }
    manifest = [("manifest.version", "1.0"), ("oneroster.version", "1.2"), ("source.systemCode", "generated")]
    manifest += [(f"file.{name}", "bulk") for name in written]
    for name, (head, lines) in {**written, "manifest": (("propertyName", "value"), manifest)}.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([head, *lines])
