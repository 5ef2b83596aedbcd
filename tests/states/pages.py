"""The pages of a school under test: how they are opened and written in, what is sent to them, what the database holds."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from sqlalchemy import text

from ais_app.db.columns import new_uid
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.lessons.state.taking_back import TakingBackState
from tests.builders import SmallSchool

TODAY, FRIDAY, CLOSED = date(2026, 11, 23), date(2026, 11, 20), date(2026, 10, 20)
JOURNAL = ("mark", "cell", "attendance", "lesson", "work", "homework", "remark", "acknowledgement", "operation")


def edit(school, student: str, text: str, version: int) -> dict[str, Any]:
    cell = [school.people[student].uid, school.work("algebra", TODAY), text, version]
    return {"ops": [[new_uid(), school.courses["algebra"], [cell]]]}


async def sent(pipeline, token: str, variable: str) -> Any:
    """The newest value of a variable sent to a tab; waits until there is one."""
    for _attempt in range(500):
        found = [values[variable] for to, _state, values in pipeline.push.sent if to == token and variable in values]
        if found:
            return found[-1]
        await asyncio.sleep(0.01)
    raise TimeoutError(variable)


def journal(school: SmallSchool) -> dict[str, int]:
    """How many rows each table of the journal has, the ledger included."""
    where = {"operation": "WHERE chain_id LIKE 'school:%'"}  # sign-ins stand in the chain of accounts
    return {
        table: school.database.read(
            lambda one, t=table: one.execute(text(f"SELECT count(*) FROM {t} {where.get(t, '')}")).scalar_one()
        )
        for table in JOURNAL
    }


def refused(school: SmallSchool) -> int:
    query = text("SELECT coalesce(sum(count), 0) FROM security_event")
    return school.database.read(lambda one: one.execute(query).scalar_one())


def run(school: SmallSchool, statement: str, **values: Any) -> None:
    school.database.write(lambda uow: uow.execute(text(statement), values))


def shown_cell(school: SmallSchool, student: str, course: str, day: date = TODAY) -> dict[str, Any]:
    work = school.work(course, day)
    return {"course": school.courses[course], "student": school.people[student].uid, "work": work, "panel": True}


async def open_panel(pipeline, login: str, course: str = "algebra", day: date = TODAY) -> dict[str, Any]:
    """Open a course and the panel of a lesson as `login`; returns what the panel shows."""
    school = pipeline.school
    await pipeline.call(JournalState.open_page, login, f"/journal/{school.courses[course]}")
    return (await pipeline.call(LessonState.show_cell, login, raw=shown_cell(school, "anna", course, day))).get(
        "lesson_state", {}
    )


def writes(school: SmallSchool, course: str = "algebra") -> list[tuple[Any, dict[str, Any]]]:
    """Every event of the panel that writes, with the course open."""
    other = next(iter(school.types.values()))
    lesson = school.lesson(course, TODAY)
    return [
        (LessonState.save_lesson, {"topic": "Hacked", "homework": "Hacked", "minutes": "5"}),
        (LessonState.add_column, {"lesson": lesson, "type": other}),
        (LessonState.add_remark, {"remark": "Hacked"}),
        (JournalState.add_lesson, {"day": TODAY.isoformat(), "number": "7"}),
        (TakingBackState.take_back, {"what": "lesson", "uid": lesson}),
        (TakingBackState.take_back, {"what": "column", "uid": school.work(course, TODAY)}),
        (TakingBackState.put_back, {"what": "lesson", "uid": lesson}),
    ]
