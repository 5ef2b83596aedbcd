"""What a read is given: one object, made at one place."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

from ais_app.rights.rules import Role
from tests.builders import SmallSchool, reading_at

PACKAGE = Path(__file__).parents[2] / "ais_app"
# Where nobody reads yet, or many at once: sessions and sign-in, the channel of a course, commands of the server.
BESIDE = {
    "services.py",
    "access/sign_in/routes.py",
    "access/sessions.py",
    "access/refusal_digest.py",
    "journal/grid/channel.py",
    "server_commands/declared.py",
    "jobs/running.py",
    "jobs/run_of_child.py",
    "metrics/watching.py",
}
WHEN = {"today", "day", "now", "at", "moment"}


def test_a_read_knows_its_day_and_clock_in_the_zone_of_the_school(school: SmallSchool):
    actor, late = school.actor("anna", Role.STUDENT), datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    reading = school.database.read(reading_at, actor, late)
    assert (reading.actor, reading.zone, reading.now) == (actor, "Europe/Moscow", late)
    assert (reading.today, reading.clock.isoformat()) == (date(2026, 11, 24), "2026-11-24T00:30:00")


def test_pages_routes_and_channels_read_through_it():
    calls = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if "database.aread(" in path.read_text()}
    assert calls == BESIDE


def test_no_read_is_told_by_pieces_who_asks_and_when():
    found = [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        if "exchange" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        if {"connection", "actor"} <= (names := {one.arg for one in node.args.args}) and names & WHEN
    ]
    assert found == ["rights/reading.py: at"], "which makes the object"
