"""Reading operations in tests: a page, its rows, the opened operation."""

from __future__ import annotations

from typing import Any

from ais_app.history import views
from ais_app.history.payloads import Conditions
from ais_app.history.queries import listing
from ais_app.history.queries.listing import OperationRow, OperationsPage
from ais_app.history.views import OpenedOperation, Shown
from ais_app.rights.rules import Actor, Role
from tests.builders import SmallSchool
from tests.states.pages import TODAY


def deputy(school: SmallSchool) -> Actor:
    return school.actor("deputy", Role.DEPUTY)


def page(school: SmallSchool, actor: Actor | None = None, most: int = 50, **asked: str) -> OperationsPage:
    return school.read(listing.operations, actor or deputy(school), TODAY, Conditions(**asked), most)


def rows(school: SmallSchool, actor: Actor | None = None, **asked: str) -> list[OperationRow]:
    return page(school, actor, 50, **asked).rows


def kinds(school: SmallSchool, actor: Actor | None = None, **asked: str) -> list[str]:
    return [row.kind for row in rows(school, actor, **asked)]


def shown(school: SmallSchool, actor: Actor | None = None, **asked: str) -> Shown:
    return school.read(views.shown, actor or deputy(school), TODAY, Conditions(**asked))


def opened(school: SmallSchool, uid: str, actor: Actor | None = None, **options: Any) -> OpenedOperation:
    return school.read(views.opened, actor or deputy(school), TODAY, uid, **options)
