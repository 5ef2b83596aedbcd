"""Refused attempts of the last days, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from ais_app.access.list_address import ROWS
from ais_app.access.models import Account, SecurityEvent
from ais_app.db.columns import table
from ais_app.refusals.payloads import COLUMNS, USUAL, RefusalsAddress
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right

LAST_DAYS = 30

_event, _account = table(SecurityEvent), table(Account)
_ORDER = {"last": _event.c.last_at, "count": _event.c.count}


def number(reading: Reading, asked: RefusalsAddress) -> int:
    """How many rows fit. Raises NotYours."""
    return reading.execute(_fitting(reading, asked, func.count())).scalar_one()


def page(reading: Reading, asked: RefusalsAddress, first: int) -> Sequence[Any]:
    """The rows from `first` on (the first of all is 1), at most `ROWS`, each with the login of its account."""
    column, falls = asked.order(COLUMNS, USUAL)
    order = _ORDER[column].desc() if falls else _ORDER[column]
    query = _fitting(reading, asked, _event, _account.c.login)
    return reading.execute(query.order_by(order, _event.c.id).offset(max(0, first - 1)).limit(ROWS)).all()


def kinds(reading: Reading) -> list[str]:
    """What was refused in these days."""
    return sorted(reading.execute(select(_event.c.kind).where(_recent(reading)).distinct()).scalars())


def _fitting(reading: Reading, asked: RefusalsAddress, *columns: Any) -> Any:
    if not reading.actor.may(Right.KEEP_LEDGER):
        raise NotYours
    texts = (_event.c.subject, _event.c.network, _account.c.login)
    words = [or_(*[text.icontains(word, autoescape=True) for text in texts]) for word in asked.q.split()]
    of_kind = [_event.c.kind == asked.kind] if asked.kind else []
    joined = _event.outerjoin(_account, _account.c.uid == _event.c.account)
    return select(*columns).select_from(joined).where(_recent(reading), *of_kind, *words)


def _recent(reading: Reading) -> ColumnElement[bool]:
    return _event.c.day > reading.today - timedelta(days=LAST_DAYS)
