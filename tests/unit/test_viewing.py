"""The grant to look into a course: who is watched has it when his view is recorded, and by no other way (D-57)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.service import viewing
from ais_app.journal.kinds import JOURNAL_VIEWED
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Role
from tests.builders import SmallSchool
from tests.states.pages import TODAY

ROOT = Path(__file__).parents[2] / "ais_app"


def views(school: SmallSchool) -> int:
    """Recorded views of the school."""
    query = text("SELECT count(*) FROM operation WHERE kind = :kind")
    return school.database.read(lambda one: one.execute(query, {"kind": JOURNAL_VIEWED.name}).scalar_one())


def somebody(school: SmallSchool, login: str) -> Actor:
    return school.actor(login, Role(login))


async def granted(school: SmallSchool, login: str, course: str) -> ViewGrant:
    return await viewing.grant(school.database, somebody(school, login), course)


async def test_s68_a_view_of_an_inspector_is_recorded_once_for_a_course_and_session(school, monkeypatch):
    monkeypatch.setattr(viewing, "_recorded", type(viewing._recorded)())  # of tests before
    algebra, history = (school.courses[name] for name in ("algebra", "history"))
    for course, recorded in ((algebra, 1), (algebra, 1), (history, 2), (algebra, 2)):
        grant = await granted(school, "inspector", course)
        assert views(school) == recorded
        assert school.read(courses.course, grant.actor, TODAY, grant).uid == course
    monkeypatch.setattr(viewing, "_recorded", type(viewing._recorded)())  # another process, or this one started again
    await granted(school, "inspector", algebra)
    assert views(school) == 2


async def test_s68_nobody_else_is_recorded_and_no_grant_opens_a_foreign_course(school):
    for login in ("teacher", "deputy"):
        grant = await granted(school, login, school.courses["algebra"])
        assert school.read(courses.course, grant.actor, TODAY, grant).own is (login == "teacher")
    foreign = await granted(school, "teacher", school.courses["history"])
    with pytest.raises(NotYours):
        school.read(courses.course, foreign.actor, TODAY, foreign)
    with pytest.raises(NotYours):
        await granted(school, "inspector", "a" * 16)
    assert views(school) == 0


def test_s68_without_a_grant_the_queries_do_not_work(school):
    inspector: Any = somebody(school, "inspector")
    with pytest.raises(TypeError):
        ViewGrant(inspector, school.courses["algebra"], object())
    with pytest.raises(TypeError):
        school.read(courses.course, inspector, TODAY, inspector)
    deputys = ViewGrant(somebody(school, "deputy"), school.courses["algebra"], SEAL)
    with pytest.raises(NotYours):
        school.read(courses.course, inspector, TODAY, deputys)
    assert not school.read(courses.may_read, inspector, TODAY, deputys)
    with pytest.raises(NotYours):
        school.read(courses.course_to_write, inspector, TODAY, school.courses["algebra"])
    assert views(school) == 0


def test_s68_one_function_makes_grants_and_every_reading_takes_one():
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}
    assert {name for name, text in texts.items() if "SEAL" in text} == {
        "journal/courses/grants.py",
        "journal/courses/service/viewing.py",
    }
    assert texts["journal/courses/service/viewing.py"].count("ViewGrant(") == 1
    # Rows of a course come from two functions: the one of readers asks for a grant, the other is for services alone.
    makers = {name for name, text in texts.items() if "course_to_write(" in text or "_course_of(" in text}
    services = {
        f"journal/{name}.py" for name in ("grid/service/facts", "lessons/service/lessons", "windows/service/openings")
    }
    assert makers == {"journal/courses/queries/courses.py", *services}
    assert {name for name, text in texts.items() if "CourseRow(" in text} == {"journal/courses/queries/courses.py"}
