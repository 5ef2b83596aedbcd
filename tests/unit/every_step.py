"""Random steps of every kind that can be undone: marks and lessons, openings, the set-up of a school, accounts,
settings, sets that were imported.

A step is (what, its number, what it needs). Of what it needs an int is the number of the step that made it; what the
small school has already is called by name, and a lesson of the timetable by (course, day).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from hypothesis import strategies as st

from ais_app.access import kinds as access
from ais_app.exchange import kinds as exchange
from ais_app.journal import kinds as journal
from ais_app.journal.settings import EDIT_WINDOW, OPENING_HOURS
from ais_app.ledger.kinds import Kind
from ais_app.school import kinds as school
from ais_app.school_settings import kinds as school_settings
from tests.unit.steps import COURSES, DAYS, FIRST_COLUMN, OTHER_COLUMN, SCHOOL_DAYS, STUDENTS, Step

# Each step: the kind of operation that it writes, or of the group of several.
WRITES: dict[str, Kind] = {
    "lesson": journal.LESSON_ADDED,
    "lesson_gone": journal.LESSON_TAKEN_BACK,
    "column": journal.WORK_ADDED,
    "column_kind": journal.WORK_CHANGED,
    "column_gone": journal.WORK_TAKEN_BACK,
    "mark": journal.MARKS_ENTERED,
    "remark": journal.REMARK_ADDED,
    "remark_gone": journal.REMARK_WITHDRAWN,
    "reason": journal.ABSENCE_EXCUSED,
    "reason_changed": journal.ABSENCE_REASON_CHANGED,
    "words": journal.LESSON_DESCRIBED,
    "asked": journal.OPENING_ASKED,
    "withdrawn": journal.OPENING_WITHDRAWN,
    "granted": journal.OPENING_GRANTED,
    "closed": journal.OPENING_CLOSED,
    "laid_out": journal.LESSONS_LAID_OUT,
    "school_name": school.SCHOOL_RENAMED,
    "year": school.YEAR_ADDED,
    "bells": school.BELLS_ADDED,
    "subject": school.SUBJECTS_ADDED,
    "type": school.CONTROL_TYPES_ADDED,
    "person": school.PEOPLE_ADDED,
    "person_name": school.PEOPLE_CHANGED,
    "class": school.CLASS_ADDED,
    "group": school.GROUPS_ADDED,
    "member": school.MEMBERSHIPS_CHANGED,
    "member_until": school.MEMBERSHIPS_CHANGED,
    "leader": school.CLASS_TEACHER_APPOINTED,
    "leader_until": school.CLASS_TEACHERS_CHANGED,
    "guardian": school.GUARDIANS_ADDED,
    "guardian_until": school.GUARDIANS_ENDED,
    "timetable": school.TIMETABLE_ADDED,
    "course": school.COURSES_ADDED,
    "course_name": school.COURSES_RENAMED,
    "course_teacher": school.TEACHERS_CHANGED,
    "role": access.ROLES_GIVEN,
    "role_until": access.ROLES_ENDED,
    "block": access.ACCOUNTS_BLOCKED,
    "unblock": access.ACCOUNTS_UNBLOCKED,
    "login": access.LOGINS_CHANGED,
    "logins_swapped": access.LOGINS_CHANGED,
    "setting": school_settings.SETTING_CHANGED,
    "setting_cancelled": school_settings.SETTING_CANCELLED,
    "set": exchange.SET_IMPORTED,
}
ACCOUNTS = ("secretary", "former", "stranger", "gleb")  # nobody acts or reads with these
SHUT = (date(2026, 11, 9), date(2026, 11, 10))  # days whose lessons may be written no more
LEAVING_ROWS = ("lesson", "column", "laid_out", "asked", "granted")  # what is undone of these ends, and stays as a row


class Drawn:
    """What a step can be done at: everything that steps before it have made, and what was there."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw
        self.steps: list[Step] = []
        self._once: set[Any] = set()

    def made(self, *what: str) -> list[int]:
        return [number for name, number, _asked in self.steps if name in what]

    def one(self, *of: Any) -> Any:
        return self._draw(st.sampled_from(of))

    def once(self, name: str, of: Collection[Any]) -> Any:
        """One of these that was not drawn under this name before; None = there is none."""
        left = [one for one in of if (name, one) not in self._once]
        chosen = self.one(*left) if left else None
        self._once.add((name, chosen))
        return chosen

    def lesson(self) -> Any:
        return self.one(*((name, day) for name in COURSES for day in SCHOOL_DAYS), *self.made("lesson"))

    def add(self, what: str, number: int) -> None:
        """Add a step, unless there is nothing to which it could be done."""
        asked = _ASKED[what](self)
        if asked is not None and None not in (asked.get("of", 0), asked.get("place", 0)):
            self.steps.append((what, number, asked))


def _mark(drawn: Drawn) -> dict[str, Any]:
    columns = {number: asked["at"] for what, number, asked in drawn.steps if what == "column"}
    column = drawn.one(None, *columns)
    return {
        "at": drawn.lesson() if column is None else columns[column],
        "column": column,
        "student": drawn.one(*STUDENTS),
        "text": drawn.one(*(FIRST_COLUMN if column is None else OTHER_COLUMN)),
        "comment": drawn.one(None, "Well", ""),
    }


def _column(drawn: Drawn) -> dict[str, Any] | None:
    at = drawn.lesson()
    full = sum(asked["at"] == at for what, _number, asked in drawn.steps if what == "column") == 3
    return None if full else {"at": at, "kind": drawn.one("LW", "CW", *drawn.made("type"))}


def _column_kind(drawn: Drawn) -> dict[str, Any]:
    columns = {number: asked["kind"] for what, number, asked in drawn.steps if what == "column"}
    if not columns:
        return {"of": None}
    chosen = drawn.one(*columns)
    others = [kind for kind in ("LW", "CW", *drawn.made("type")) if kind != columns[chosen]]
    return {"of": chosen, "kind": drawn.one(*others)}


def _reason(drawn: Drawn) -> dict[str, Any]:
    # Two documents for one day: which of them gave the reason is not known any more.
    place = drawn.once("reason", [(student, day) for student in STUDENTS for day in SCHOOL_DAYS])
    return {"student": place[0], "day": place[1], "reason": drawn.one("б", "у")} if place else {"of": None}


def _setting(drawn: Drawn) -> dict[str, Any] | None:
    key = drawn.once("setting", (EDIT_WINDOW.key, OPENING_HOURS.key))
    return {"key": key} if key else None


def _of(*what: str, once: bool = False) -> Callable[[Drawn], dict[str, Any]]:
    """A step that is done at what one of these steps has made; `once`: to each of it once at most."""

    def asked(drawn: Drawn) -> dict[str, Any]:
        made = drawn.made(*what)
        if once:
            return {"of": drawn.once(what[0], made)}
        return {"of": drawn.one(*made) if made else None}

    return asked


def _laid_out(drawn: Drawn) -> dict[str, Any]:
    courses = {number: asked["course"] for what, number, asked in drawn.steps if what == "timetable"}
    chosen = drawn.once("laid out", courses)
    return {"of": chosen, "course": courses.get(chosen)}


_ASKED: dict[str, Callable[[Drawn], dict[str, Any] | None]] = {
    "lesson": lambda drawn: {"course": drawn.one(*COURSES), "day": drawn.one(*DAYS)},
    "lesson_gone": _of("lesson", once=True),
    "column": _column,
    "column_kind": _column_kind,
    "column_gone": _of("column", once=True),
    "mark": _mark,
    "remark": lambda drawn: {"at": drawn.lesson(), "student": drawn.one(*STUDENTS)},
    "remark_gone": _of("remark", once=True),
    "reason": _reason,
    "reason_changed": _of("reason", once=True),
    "words": lambda drawn: {"at": drawn.lesson(), "kind": drawn.one("", "CW")},
    "asked": lambda drawn: {"place": drawn.once("asked", [(name, day) for name in COURSES for day in SHUT])},
    "withdrawn": _of("asked", once=True),
    "granted": _of("asked", once=True),
    "closed": _of("granted", once=True),
    "laid_out": _laid_out,
    "school_name": lambda _drawn: {},
    "year": lambda _drawn: {},
    "bells": lambda _drawn: {},
    "subject": lambda _drawn: {},
    "type": lambda _drawn: {},
    "person": lambda _drawn: {},
    "person_name": lambda drawn: {"person": drawn.one(*STUDENTS, *drawn.made("person"))},
    "class": lambda drawn: {
        "year": drawn.one(None, *drawn.made("year")),
        "bells": drawn.one(None, *drawn.made("bells")),
        "person": drawn.one(None, *drawn.made("person")),
    },
    "group": lambda drawn: {"person": drawn.one("anna", *drawn.made("person"))},
    "member": lambda drawn: {
        "person": drawn.one("deputy", *drawn.made("person")),
        "group": drawn.one("7А", *drawn.made("class", "group")),
    },
    "member_until": lambda drawn: {"of": drawn.one("vera", *drawn.made("member"))},
    "leader": lambda drawn: {
        "class": drawn.one("7А", *drawn.made("class")),
        "person": drawn.one("deputy", *drawn.made("person")),
    },
    "leader_until": lambda drawn: {"of": drawn.one("historian", *drawn.made("leader"))},
    "guardian": lambda drawn: {
        "person": drawn.one("former", *drawn.made("person")),
        "student": drawn.one("boris", *drawn.made("person")),
    },
    "guardian_until": lambda drawn: {"of": drawn.one("double", *drawn.made("guardian"))},
    "timetable": lambda drawn: {"course": drawn.one("algebra", *drawn.made("course"))},
    "course": lambda drawn: {
        "subject": drawn.one("Algebra", *drawn.made("subject")),
        "group": drawn.one("7А", *drawn.made("class", "group")),
        "person": drawn.one("teacher", *drawn.made("person")),
    },
    "course_name": lambda drawn: {"course": drawn.one("algebra", *drawn.made("course"))},
    "course_teacher": lambda drawn: {
        "course": drawn.one("algebra", *drawn.made("course")),
        "person": drawn.one("deputy", *drawn.made("person")),
    },
    "role": lambda drawn: {"account": drawn.one(*ACCOUNTS), "person": drawn.one("deputy", *drawn.made("person"))},
    "role_until": lambda drawn: {"of": drawn.one("secretary", *drawn.made("role"))},
    "block": lambda drawn: {"account": drawn.one(*ACCOUNTS)},
    "unblock": lambda drawn: {"account": drawn.one(*ACCOUNTS)},
    "login": lambda drawn: {"account": drawn.one(*ACCOUNTS)},
    "logins_swapped": lambda drawn: {"account": drawn.one(*ACCOUNTS[:2]), "other": drawn.one(*ACCOUNTS[2:])},
    "setting": _setting,
    "setting_cancelled": _of("setting", once=True),
    "set": lambda drawn: {"person": drawn.one(*STUDENTS, *drawn.made("person"))},
}
# What makes something comes more often: the rest is done at it.
_OFTEN = ("lesson", "column", "mark", "mark", "asked", "granted", "person", "class", "course", "timetable", "role")


@st.composite
def histories_of_all_kinds(draw: Callable[[Any], Any], most: int = 16) -> list[Step]:
    drawn = Drawn(draw)
    for number in range(draw(st.integers(4, most))):
        drawn.add(draw(st.sampled_from((*WRITES, *_OFTEN))), number)
    return drawn.steps


@st.composite
def histories_with_each_kind(draw: Callable[[Any], Any]) -> list[Step]:
    """Each step once, in the order of `EACH`, at what is drawn."""
    drawn = Drawn(draw)
    for number, what in enumerate(EACH):
        drawn.add(what, number)
        what, _number, asked = drawn.steps[-1]
        if what == "reason":  # of an absence
            absent = {"at": ("history", asked["day"]), "column": None, "student": asked["student"], "text": "н"}
            drawn.steps.insert(-1, ("mark", len(EACH) + number, absent | {"comment": None}))
    return drawn.steps


EACH = (
    *("year", "bells", "subject", "type", "person", "class", "group", "course", "timetable", "laid_out"),
    *("member", "member_until", "leader", "leader_until", "guardian", "guardian_until", "course_teacher"),
    *("school_name", "person_name", "course_name", "role", "role_until", "login", "logins_swapped"),
    *("asked", "withdrawn", "asked", "granted", "closed", "lesson", "column", "column_kind", "mark", "mark", "remark"),
    *("words", "remark_gone", "mark", "reason", "reason_changed", "column_gone", "lesson_gone", "block", "unblock"),
    *("setting", "setting", "setting_cancelled", "set"),
)


def needs(step: Step) -> set[int]:
    """The steps that have made what a step is done at."""
    return {value for value in step[2].values() if isinstance(value, int)}
