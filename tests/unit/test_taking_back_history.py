"""Take back, then the record and every reader's view equal those without it: over random histories of a school."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.control.queries import keeping as control
from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.diary.progress.queries import student_year
from ais_app.diary.queries import week
from ais_app.exchange.oneroster.export_rows import rows_of
from ais_app.exchange.oneroster.export_tables import archive
from ais_app.journal.attendance.service import Excuse, ReasonChange, change_reason, excuse
from ais_app.journal.courses.queries.courses import course
from ais_app.journal.courses.service import viewing
from ais_app.journal.errors import Question
from ais_app.journal.grid import views as journal
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons import views as lessons_views
from ais_app.journal.lessons.queries import panel
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons, taking_back
from ais_app.journal.remarks import service as remarks
from ais_app.journal.today import queries as today
from ais_app.ledger import verifying
from ais_app.rights.rules import Actor, Role
from tests.builders import MOSCOW, SmallSchool
from tests.conftest import MONDAY
from tests.depth import examples
from tests.unit.steps import COURSES, DAYS, SCHOOL_DAYS, STUDENTS, TODAY, Step, depends, histories, without
from tests.unit.whole_record import record_faults

WEEKS = (date(2026, 11, 16), TODAY)


@dataclass
class World:
    """A school in which a history happens; `made` = {step: uid of what it made}; `timetable` = {(course, day): uid}."""

    school: SmallSchool
    timetable: dict[tuple[str, date], str]
    made: dict[int, str] = field(default_factory=dict)

    def write(self, work: Any) -> Any:
        return self.school.database.write(work)

    def scalar(self, query: str, **values: Any) -> Any:
        return self.school.database.read(lambda one: one.execute(text(query), values).scalar_one_or_none())

    def lesson(self, at: Any) -> tuple[str, str]:
        """(course, uid) of a lesson of the timetable, or of the one that a step added."""
        if not isinstance(at, tuple):
            uid = self.made[at]
            name = self.scalar(
                "SELECT course.name FROM lesson JOIN course ON course.id = course_id WHERE lesson.uid = :uid", uid=uid
            )
            return name.lower(), uid
        return at[0], self.timetable[at]

    def teacher(self, course: str):
        return self.school.actor(COURSES[course], Role.TEACHER)

    def do(self, step: Step) -> None:
        what, number, asked = step
        getattr(self, f"_{what}")(number, **asked)

    def _lesson(self, number: int, course: str, day: date) -> None:
        uid = self.school.courses[course]
        place = 3 + number % 10
        self.made[number] = self.write(lambda uow: lessons.add_lesson(uow, self.teacher(course), uid, day, place))

    def _column(self, number: int, at: Any, kind: str) -> None:
        name, lesson = self.lesson(at)
        self.made[number] = self.write(
            lambda uow: lessons.add_work(uow, self.teacher(name), lesson, self.school.types[kind])
        )

    def _mark(self, number: int, at: Any, column: int | None, student: str, text: str, comment: str | None) -> None:
        name, lesson = self.lesson(at)
        work = self.made[column] if column is not None else self._first_work(lesson)
        person = self.school.people[student]
        version = self.scalar(
            "SELECT version FROM cell JOIN work ON work.id = work_id WHERE work.uid = :work AND student_id = :student",
            work=work,
            student=person.id,
        )
        entry = MarkEntry(
            person.uid,
            work,
            text,
            version or 0,
            comment if any(sign.isdigit() for sign in text) and text[0] != "о" else None,
        )
        operation = MarksOperation(new_uid(), self.school.courses[name], [entry])
        self.write(lambda uow: enter_marks(uow, self.teacher(name), operation))

    def _first_work(self, lesson: str) -> str:
        return self.scalar(
            "SELECT work.uid FROM work JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :lesson AND ordinal = 1",
            lesson=lesson,
        )

    def _remark(self, number: int, at: Any, student: str) -> None:
        name, lesson = self.lesson(at)
        person = self.school.people[student].uid
        self.made[number] = self.write(
            lambda uow: remarks.add_remark(uow, self.teacher(name), lesson, person, f"Remark {number}")
        )

    def _reason(self, _number: int, student: str, day: date, reason: str) -> None:
        paper = Excuse(self.school.people[student].uid, DaySpan(day, day), reason, "Paper")
        self.write(lambda uow: excuse(uow, self._class_teacher, paper))

    def _words(self, number: int, at: Any, kind: str) -> None:
        name, lesson = self.lesson(at)
        version = self.scalar("SELECT version FROM lesson WHERE uid = :lesson", lesson=lesson)
        chosen = (self._first_work(lesson), self.school.types[kind]) if kind else ("", "")
        said = lessons.LessonText(lesson, version, f"Topic {number}", f"No. {number}", 20, False, *chosen)
        self.write(lambda uow: lessons.describe_lesson(uow, self.teacher(name), said))

    @property
    def _class_teacher(self):
        return self.school.actor("historian", Role.CLASS_TEACHER)

    def take_back(self, step: Step) -> None:
        what, number, asked = step
        if what == "reason":
            days = DaySpan(asked["day"], asked["day"])
            change = ReasonChange(self.school.people[asked["student"]].uid, days, asked["reason"], "", "Wrong")
            self.write(lambda uow: change_reason(uow, self._class_teacher, change))
            return
        actor = self.teacher(asked["course"] if what == "lesson" else self.lesson(asked["at"])[0])
        if what == "remark":
            self.write(lambda uow: remarks.withdraw_remark(uow, actor, self.made[number]))
            return
        work = taking_back.take_back_lesson if what == "lesson" else taking_back.take_back_work
        question = ""
        try:
            self.write(lambda uow: work(uow, actor, self.made[number], "By mistake", ""))
        except Question as asking:
            question = str(asking)
        if question:
            self.write(lambda uow: work(uow, actor, self.made[number], "By mistake", question))

    def put_back(self, step: Step) -> None:
        what, number, asked = step
        actor = self.teacher(asked["course"] if what == "lesson" else self.lesson(asked["at"])[0])
        work = {"lesson": taking_back.put_back_lesson, "remark": remarks.put_back_remark}[what]
        self.write(lambda uow: work(uow, actor, self.made[number]))


def views(
    world: World, *, exact: bool, without: Collection[str] = (), now: datetime = MONDAY
) -> dict[str, Any]:  # fmt: skip
    """What every reader sees, with what was made named by its step. Not `exact`: without versions and «was changed».

    `without`: names of fields that are left out; `now`: when the journal is opened.
    """
    school = world.school
    seen: dict[str, Any] = {}

    def see(
        name: str, function: Any, actor: Actor, *arguments: Any, when: date | datetime = TODAY, **named: Any
    ) -> None:
        seen[name] = plain(school.read(function, actor, when, *arguments, **named))

    readers = [
        ("teacher", Role.TEACHER, "algebra"),
        ("historian", Role.TEACHER, "history"),
        ("historian", Role.CLASS_TEACHER, "algebra"),
        *((login, Role(login), name) for login in ("deputy", "director", "inspector") for name in COURSES),
    ]
    for login, role, name in readers:
        grant = asyncio.run(viewing.grant(school.database, school.actor(login, role), school.courses[name]))
        place = f"{login} {role} {name}"
        opened = school.read(journal.opened, grant.actor, now, grant, ("", ""))
        seen[place] = plain(opened)
        for numbered in ("read", "sheet"):
            seen[place][numbered].pop("seq")
        see(f"{place} topics", lessons_views.topics, grant.actor, grant, "")
        names, *rows = opened["sheet"]["columns"]
        columns = [dict(zip(names, row, strict=True)) for row in rows]
        recent = [one["id"] for one in columns if one["date"] >= DAYS[0].isoformat()]
        for position, work in enumerate(recent if role in (Role.TEACHER, Role.DEPUTY) else ()):

            def look(reading, work=work, grant=grant):
                return panel.lesson_panel(reading, course(reading, grant), (work, ""))

            see(f"{place} panel {position}", look, grant.actor, when=now)
    families = [("mother", Role.GUARDIAN, "anna"), *((one, Role.STUDENT, one) for one in STUDENTS)]
    for login, role, student in families:
        actor, uid = school.actor(login, role), school.people[student].uid
        for monday in WEEKS:
            see(f"{login} {monday}", week, actor, uid, monday, with_news=False)
            seen[f"{login} {monday}"].pop("sequence")
        see(f"{login} year", student_year, actor, uid)
        seen[f"{login} year"].pop("sequence")
    for login in ("deputy", "director"):
        actor = school.actor(login, Role(login))
        for function in (control.keeping, control.gaps):
            see(f"{login} {function.__name__}", function, actor, when=datetime.combine(TODAY, time(15), MOSCOW))
    for login, role in (("teacher", Role.TEACHER), ("historian", Role.CLASS_TEACHER)):
        for function in (today.own_lessons, today.missing):
            see(f"{login} {function.__name__}", function, school.actor(login, role))
    exported = school.database.read(lambda connection: standing(rows_of(archive(connection, school.ref.id))))
    seen["export"] = plain(exported)
    return {name: named(bare(value, without), world.made, exact=exact) for name, value in seen.items()}


def bare(value: Any, names: Collection[str]) -> Any:
    """A view without the fields of these names."""
    if isinstance(value, dict):
        return {name: bare(one, names) for name, one in value.items() if name not in names}
    return [bare(one, names) for one in value] if isinstance(value, list) else value


def standing(tables: dict[str, Any]) -> dict[str, Any]:
    """An export without the remarks that were taken back: it carries them as such, no page shows them."""
    return tables | {"aisRemarks": [row for row in tables["aisRemarks"] if row["withdrawnAt"] is None]}


def plain(value: Any) -> Any:
    """A view as dictionaries, lists and texts, all alike."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, str | int | bool | None) else repr(value)


def named(value: Any, made: dict[int, str], *, exact: bool) -> str:
    """A view as one text, in which random uids are told apart by the step that made them."""
    if isinstance(value, dict) and "sheet" in value and not exact:
        sheet = value["sheet"]
        cells = {
            (row, column): [shown, *comment]
            for row, column, shown, _version, *more in sheet["cells"]
            for comment in (more[1:],)
        }
        for row, of_row in enumerate(sheet["plain"]):
            cells |= {(row, column): [shown] for shown, columns in of_row.items() for column in columns}
        shown = sorted((place, cell) for place, cell in cells.items() if cell[0])
        value = value | {"sheet": sheet | {"cells": shown, "plain": []}}
    if isinstance(value, dict) and "results" in value and not exact:  # in an export: a mark that came back is the last
        value = value | {"results": sorted(named(row, made, exact=exact) for row in value["results"])}
    spelled = repr(value)
    if not exact:
        spelled = re.sub(r"'metadata\.ais\.changed': (True|False)", "changed", spelled)
        spelled = re.sub(r"'version': \d+", "version", spelled)
    for number, uid in made.items():
        spelled = spelled.replace(uid, f"«{number}»")
    return re.sub(r"\b[a-z2-7]{16}\b", lambda found: found[0] if found[0] in _base else "…", spelled)


_base: set[str] = set()  # uids that are the same in every world


def known_rows(school: SmallSchool) -> dict[tuple[str, date], str]:
    """The lessons of the timetable; from now on the uids of this school are told in views."""
    for name in ("lesson", "work", "person", "course"):
        uids = text(f"SELECT uid FROM {name}")
        _base.update(school.database.read(lambda one, uids=uids: one.execute(uids).scalars().all()))
    return {(name, day): school.lesson(name, day) for name in COURSES for day in SCHOOL_DAYS}


@pytest.fixture(scope="module")
def template(tmp_path_factory, templates) -> Iterator[tuple[Path, World]]:
    folder = tmp_path_factory.mktemp("histories")
    with templates.copy("sqlite", folder, "small school") as url, closing(Database(url, SetClock(MONDAY))) as database:
        school = templates.school("sqlite", database)
        yield folder / "ais.sqlite3", World(school, known_rows(school))


def a_world(template: tuple[Path, World], folder: Path) -> World:
    path, first = template
    copy = folder / f"{new_uid()}.sqlite3"
    shutil.copyfile(path, copy)
    return replace(
        first, school=replace(first.school, database=Database(f"sqlite:///{copy}", SetClock(MONDAY))), made={}
    )


@contextmanager
def worlds(template: tuple[Path, World], folder: Path, count: int = 2) -> Iterator[list[World]]:
    """Equal schools in which nothing has happened yet."""
    found = [a_world(template, folder) for _one in range(count)]
    try:
        yield found
    finally:
        for world in found:
            world.school.database.close()


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(histories())
def test_take_back_then_everything_is_as_if_it_had_never_been(template, tmp_path_factory, history):
    steps, chosen, after, again = history
    folder = tmp_path_factory.mktemp("worlds")
    with worlds(template, folder) as (one, other):
        gone = {steps[chosen][1]}
        for place, step in enumerate(steps):
            if place == after:
                one.take_back(steps[chosen])
            if place >= after and depends(step, gone):
                gone.add(step[1])
            else:
                one.do(step)
        if after == len(steps):
            one.take_back(steps[chosen])
        for step in without(steps, chosen):
            other.do(step)
        if again and steps[chosen][0] == "lesson":  # the place is free
            for world in (one, other):
                world.do(("lesson", 100 + steps[chosen][1], steps[chosen][2]))
        exact = steps[chosen][0] != "reason"
        left, right = views(one, exact=exact), views(other, exact=exact)
        assert left == right
        assert not one.school.database.read(lambda connection: list(verifying.verify(connection)))
        assert not record_faults(one.school.database)


@settings(max_examples=examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(histories())
def test_put_back_then_everything_is_as_if_it_had_never_gone(template, tmp_path_factory, history):
    """A lesson or a remark; a column comes back as the last of its lesson (tests/unit/test_taking_back.py)."""
    steps, chosen, _after, _again = history
    if steps[chosen][0] not in ("lesson", "remark"):
        return
    folder = tmp_path_factory.mktemp("worlds")
    with worlds(template, folder) as (one, other):
        for world in (one, other):
            for step in steps:
                world.do(step)
        one.take_back(steps[chosen])
        one.put_back(steps[chosen])
        assert not record_faults(one.school.database)
        assert views(one, exact=False) == views(other, exact=False)


def test_a_view_that_still_shows_it_is_found(template, tmp_path):
    """The comparison sees a lesson, a mark, a remark and a reason: each makes the views differ."""
    with worlds(template, tmp_path, 1) as (world,):
        before = views(world, exact=True)
        seen = {}
        for step in (
            ("lesson", 0, {"course": "algebra", "day": DAYS[2]}),
            ("column", 1, {"at": ("algebra", TODAY), "kind": "CW"}),
            ("mark", 2, {"at": ("algebra", TODAY), "column": 1, "student": "anna", "text": "2", "comment": "So"}),
            ("mark", 3, {"at": ("history", TODAY), "column": None, "student": "anna", "text": "н", "comment": None}),
            ("reason", 4, {"student": "anna", "day": TODAY, "reason": "б"}),
            ("remark", 5, {"at": ("algebra", TODAY), "student": "anna"}),
        ):
            world.do(step)
            now = views(world, exact=True)
            seen[step[0]] = {name.partition(" ")[0] for name in now if now[name] != before.get(name)}
            before = now
    assert seen["lesson"] >= {"teacher", "historian", "deputy", "director", "inspector", "mother", "anna", "export"}
    assert seen["column"] >= {"teacher", "deputy", "inspector", "export"}
    assert seen["mark"] >= {"historian", "deputy", "mother", "anna", "export"}
    assert seen["reason"] >= {"historian", "mother", "anna", "export"}
    assert seen["remark"] >= {"mother", "anna"}
