"""«Held» and «written down» are one rule: what Python says of a lesson and what SQL says of its rows agree."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Column, literal, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import replacement_traverse

from ais_app.db import Database
from ais_app.db.columns import table
from ais_app.journal.lessons import rules
from ais_app.journal.lessons.models import Homework, Lesson
from ais_app.journal.lessons.queries import record
from ais_app.school.models import Bell

LESSON, HOMEWORK, BELL = table(Lesson).c, table(Homework).c, table(Bell).c
NOW = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - of the school, which the rules take without a zone
DAYS = [NOW.date() + timedelta(days=by) for by in (-1, 0, 1)]
ENDS = [None, time(11, 59), time(12, 0), time(12, 1)]


def said(database: Database, condition: ColumnElement[bool], row: dict[Column[Any], Any]) -> bool:
    """What the database says of a condition on a row with these values."""
    values = {str(column): literal(value, column.type) for column, value in row.items()}

    def filled(element: Any, **_how: Any) -> Any:
        return values[str(element)] if isinstance(element, Column) else None

    return bool(
        database.read(
            lambda connection: connection.execute(select(replacement_traverse(condition, {}, filled))).scalar()
        )
    )


@pytest.mark.parametrize(("day", "ends"), list(product(DAYS, ENDS)))
def test_a_lesson_is_held_for_both(database, day, ends):
    found = said(database, record.held(NOW), {LESSON.day: day, BELL.ends_at: ends})
    assert found == rules.is_held(day, ends, NOW)


@pytest.mark.parametrize(
    ("topic", "text", "nothing"), list(product(["", "Drop"], [None, "", "№ 5"], [None, False, True]))
)
def test_a_lesson_is_written_down_for_both(database, topic, text, nothing):
    row = {LESSON.topic: topic, HOMEWORK.text: text, HOMEWORK.nothing_set: nothing}
    assert said(database, record.HOMEWORK_WRITTEN, row) == rules.homework_written(text, nothing)
    assert said(database, record.WRITTEN_DOWN, row) == rules.written_down(topic, text, nothing)


def test_each_answer_is_among_those_that_were_asked():
    assert {rules.is_held(day, ends, NOW) for day, ends in product(DAYS, ENDS)} == {True, False}
