"""The invented sets of OneRoster 1.2 and SDS v2.1 that tests import, whole or changed."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from ais_app.access.queries import actor_of_login
from ais_app.diary import queries as diary
from ais_app.exchange.engine import Problem, Value
from ais_app.exchange.oneroster import Answers, ImportRefused, import_oneroster
from ais_app.exchange.oneroster.homerooms import COURSE
from ais_app.journal.courses.queries import courses
from ais_app.journal.grid.queries import sheet
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.service import lessons
from ais_app.journal.windows.queries import periods
from ais_app.rights.rules import Role
from tests.builders import read_as

TODAY = date(2026, 11, 23)
FIXTURES = Path(__file__).parents[1] / "fixtures"
SET, SET12, SDS = FIXTURES / "oneroster", FIXTURES / "oneroster12", FIXTURES / "sds_v2_1"
ANSWERS = Answers({"cls-222-123478": COURSE})  # «History - 2», which its author calls a homeroom
SHARED = Path(__file__).parents[3] / "shared" / "data" / "oneroster"  # sets of others, beside the checkout


def change(path: Path, file: str, old: str, new: str) -> None:
    """Replace one text in a file of a set; it must be there."""
    content = (path / file).read_text(encoding="utf-8")
    assert old in content
    (path / file).write_text(content.replace(old, new, 1), encoding="utf-8")


def brief(finding: Problem) -> str:
    """«users.csv 2 username login_twice first=4»: place, code and parameters of what an import found."""
    place = [finding.file, *([str(finding.row)] if finding.row else []), *([finding.column] if finding.column else [])]
    params = [f"{name}={_plain(value)}" for name, value in sorted(finding.params.items())]
    return " ".join([*place, finding.code.name, *params])


def workbook() -> bytes:
    """What a spreadsheet saves, as far as it is looked at."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return target.getvalue()


def notes_of(database, path: Path, **options) -> list[str]:
    return [brief(note) for note in import_oneroster(database, path, **options).notes]


def refused(database, path: Path, **options) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, path, **options)
    return [brief(problem) for problem in refusal.value.problems]


def _plain(value: Value) -> str:
    return str(value) if isinstance(value, str | int | date) else "|".join(value)


def count(database, table: str) -> int:
    return database.read(lambda one: one.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def teach(database, teacher: str, student: str) -> list[str]:
    """The teacher adds a lesson by hand and enters a 5; returns what the diary of the student shows."""
    now = database.clock.now()
    actor = database.read(actor_of_login, teacher, Role.TEACHER, now)
    course = read_as(database, courses.courses, actor, TODAY)[0].uid
    database.write(lambda uow: lessons.add_lesson(uow, actor, course, TODAY, 1))
    page = read_as(database, courses.course_to_write, actor, TODAY, course)
    period = periods.present_period(database.read(periods.periods, page.scheme_id), TODAY)
    column = read_as(database, sheet.sheet, actor, TODAY, page, period).columns[0]
    learner = database.read(actor_of_login, student, Role.STUDENT, now)
    entry = MarkEntry(learner.hat.person_uid, column.uid, "5", 0)
    database.write(lambda uow: enter_marks(uow, actor, MarksOperation("abcdefgh23456723", course, [entry])))
    week = read_as(database, diary.week, learner, TODAY, learner.hat.person_uid, TODAY, with_news=False)
    return [mark.code for day in week.days for lesson in day.lessons for mark in lesson.marks]
