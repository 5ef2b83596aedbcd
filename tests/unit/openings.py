"""Requests and openings of the small school, for the tests about them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import text

from ais_app.clock import SchoolMoment, school_moment
from ais_app.db.columns import table
from ais_app.journal.errors import CellsRefused
from ais_app.journal.kinds import OPENING_GRANTED
from ais_app.journal.windows.models import Opening, OpeningRequest
from ais_app.journal.windows.service import openings
from ais_app.journal.windows.service.openings import NewRequest, Reach
from ais_app.ledger.operation import operation
from ais_app.rights.rules import Right, Role

ZONE = "Europe/Moscow"
TODAY, OPEN, LOCKED, ALSO_LOCKED = (date(2026, 11, day) for day in (23, 16, 13, 12))
IN_CLOSED = date(2026, 10, 20)
_opening, _request = table(Opening), table(OpeningRequest)


def deputy(school):
    return school.actor("deputy", Role.DEPUTY)


def ask(school, day: date = LOCKED, student: str = "", actor=None, reason: str = "She was ill") -> str:
    who = actor or school.teacher()
    asked = NewRequest(school.lesson("algebra", day), reason, school.people[student].uid if student else "")
    return school.database.write(lambda uow: openings.ask(uow, who, asked))


def grant(school, request: str) -> datetime:
    return school.database.write(lambda uow: openings.grant(uow, deputy(school), request))


def open_for(school, until: datetime, **reach) -> str:
    """An opening as a later reopening will make it: any scope, past the requests."""

    def work(uow):
        with operation(uow, deputy(school), OPENING_GRANTED, Right.OPEN_EDITING, "order 12") as op:
            return openings.open_editing(op, Reach(**reach), until)

    return school.database.write(work)


def key(school, query: str, **values) -> int:
    return school.database.read(lambda one: one.execute(text(query), values).scalar_one())


def course_id(school, name: str = "algebra") -> int:
    return key(school, "SELECT id FROM course WHERE uid = :uid", uid=school.courses[name])


def class_id(school) -> int:
    return key(school, "SELECT class_id FROM course WHERE uid = :uid", uid=school.courses["algebra"])


def at(moment: datetime) -> SchoolMoment:
    return school_moment(moment, ZONE)


def refusal(school, *cells, actor=None):
    with pytest.raises(CellsRefused) as error:
        school.enter(actor or school.teacher(), "algebra", *cells)
    return error.value.cells
