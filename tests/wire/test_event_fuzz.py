"""Hostile events over the wire, as each role: always an answer, never a trace, never a dead worker, nothing foreign."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from ais_app.access.gate.budget import work_of
from tests.depth import EVERY_CHECK
from tests.hostile import handlers, payloads
from tests.wire.client import NOTICE, ROOT

LOGINS = ["teacher", "historian", "deputy", "director", "school_admin", "secretary", "inspector", "anna", "mother"]
QUIET_DAY = date(2026, 11, 17)  # no other test of the wire looks at it
TABLES = ("mark", "cell", "attendance", "lesson", "work", "homework", "remark")
EVENTS_OF_A_LOGIN = 40


def foreign_rows(world) -> list[Any]:
    """Everything of the other school's journal."""
    lessons = "SELECT id FROM lesson WHERE school_id = :school"
    works = f"SELECT id FROM work WHERE lesson_id IN ({lessons})"
    where = {"lesson": "school_id = :school", "mark": f"work_id IN ({works})", "cell": f"work_id IN ({works})"}

    def read(connection):
        return [
            tuple(row)
            for table in TABLES
            for row in connection.execute(
                text(f"SELECT * FROM {table} WHERE {where.get(table, f'lesson_id IN ({lessons})')} ORDER BY id"),
                {"school": world.there.ref.id},
            )
        ]

    return world.database.read(read)


def uids(world) -> list[str]:
    found = ["a" * 16]
    for school in (world.here, world.there):
        found += [person.uid for person in school.people.values()][:8]
        found += [*school.courses.values(), *school.periods, *school.types.values()]
        found += [school.work("algebra", QUIET_DAY), school.lesson("history", QUIET_DAY)]
    return found


def drawn(world) -> list[tuple[str, Any]]:
    """The same events for every role: (handler, payload)."""
    found, known = handlers(), uids(world)
    ours = sorted(name for name in found if "ais_app___" in name and not name.endswith(".setvar"))
    events = st.sampled_from(ours).flatmap(lambda name: st.tuples(st.just(name), payloads(found[name], known)))
    made: list[tuple[str, Any]] = []

    @given(st.lists(events, min_size=EVENTS_OF_A_LOGIN, max_size=EVENTS_OF_A_LOGIN))
    @settings(
        derandomize=True,
        database=None,
        max_examples=2,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=EVERY_CHECK,
    )
    def draw(batch: list[tuple[str, Any]]) -> None:
        made[:] = batch

    draw()
    return made


def encoded(payload: Any) -> str | None:
    """The frame's spelling of a payload; None for what no frame can hold."""
    try:
        spelled = json.dumps(payload)
    except (ValueError, RecursionError):
        return None
    return spelled if len(spelled) < 300_000 else None


def answered(tab: Any) -> list[Any]:
    """Everything that was said until an event after all others is answered."""
    tab.send(f"{ROOT}.setvar", {})
    return tab.updates()


@pytest.mark.parametrize("login", LOGINS)
def test_hostile_events_are_answered_and_leave_no_trace(world, login):
    before, logged = foreign_rows(world), world.log()
    tab = world.tab(login, f"/journal/{world.there.courses['algebra']}")
    answers: list[Any] = []
    for name, payload in drawn(world):
        frame = encoded(payload)
        if frame is None:
            continue
        try:
            tab.send(name, payload)
            if work_of(
                frame
            ).blocks:  # who sends the next without waiting loses the socket (S-67), which has its own test
                answers += answered(tab)
        except ConnectionClosed:
            pytest.fail(f"{name} with {payload!r} ended the socket before")
    answers += answered(tab)
    said = json.dumps(answers, ensure_ascii=False)
    assert any(NOTICE in update.get("delta", {}) for update in answers)
    assert "Traceback" not in said
    assert not re.search(r"\b\w+Error\b", said)
    assert foreign_rows(world) == before
    log = logged()
    assert "handler_crashed" not in log, log
    assert "Traceback" not in log
