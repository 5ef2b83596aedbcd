"""`kill -9` while a large operation is being undone: what is undone is known, and the rest is finished or taken back."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import select, text

from ais_app.db.columns import table
from ais_app.ledger import verifying
from ais_app.ledger.operation import operation
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, operator
from ais_app.school.models import AcademicYear
from ais_app.school.records import HOLIDAY
from tests.databases import KINDS
from tests.unit.test_undoing import TRIED, UNDOING

ROWS, STOPS_AT = 60, 12
CUT_OFF = """
import sys
from ais_app.db import Database
from ais_app.ledger import putting_back
from ais_app.rights.rules import operator
from tests.unit.test_undoing import UNDOING

url, uid, where, stops_at = sys.argv[1:]
undone = 0


def stop():
    print("stopped", flush=True)
    sys.stdin.read()


def told(rows):
    global undone
    undone = rows
    if where == "between" and rows >= int(stops_at):
        stop()


put_back = putting_back.put_back


def stopping(op, done, known):
    put_back(op, done, known)
    if where == "within" and undone >= int(stops_at):
        stop()


putting_back.put_back = stopping
UNDOING.undo_in_pieces(Database(url), operator(), uid, progress=told)
"""


@pytest.mark.parametrize("database_kind", KINDS)
@pytest.mark.parametrize("where", ["between", "within"])
@pytest.mark.parametrize("back", [False, True])
def test_an_undo_that_was_killed_is_finished_or_taken_back(school, where, back):
    database, actor = school.database, operator()
    chain = f"school:{school.ref.uid}"
    year = database.read(lambda one: one.execute(select(table(AcademicYear).c.id)).scalars().first())
    days = {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 3)}

    def add(uow):
        with operation(uow, actor, TRIED, Right.SET_UP_SCHOOL, chain=chain) as op:
            op.insert_all(HOLIDAY, [{"year_id": year, "name": f"Day {number}", **days} for number in range(ROWS)])
        return op.uid

    def standing() -> int:
        query = text("SELECT count(*) FROM holiday WHERE name LIKE 'Day %'")
        return database.read(lambda one: one.execute(query).scalar_one())

    def preview():
        return database.read(lambda one: UNDOING.preview(Reading.at(one, actor, database.clock.now()), done))

    done = database.write(add)
    url = database.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-c", CUT_OFF, url, done, where, str(STOPS_AT)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if line == "stopped\n"), "")  # the log is written there too
        process.kill()
    assert said
    shown = preview()
    assert STOPS_AT <= shown.undone < ROWS
    assert (standing(), len(shown.changes), shown.refusal) == (ROWS - shown.undone, ROWS - shown.undone, None)
    if back:
        query = text("SELECT subject FROM operation_item WHERE entity = 'group'")
        group = database.read(lambda one: one.execute(query).scalars().first())
        database.write(lambda uow: UNDOING.undo(uow, actor, group))
        assert standing() == ROWS
    group = UNDOING.undo_in_pieces(database, actor, done)
    assert standing() == 0
    UNDOING.undo_in_pieces(database, actor, group)
    assert standing() == ROWS
    assert not database.read(lambda one: list(verifying.verify(one)))
