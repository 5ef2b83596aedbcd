"""Views that must be recorded: each course that an inspector opens is in the ledger, once for a session (D-57)."""

from __future__ import annotations

from collections import OrderedDict

from ais_app.db import Database, UnitOfWork
from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.courses.queries.courses import is_readable
from ais_app.journal.kinds import JOURNAL_VIEWED
from ais_app.ledger import queries as ledger
from ais_app.ledger.operation import operation
from ais_app.ledger.rules import Item
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right

VIEW = "course_view"  # the entity of its items, whose subjects are courses: no row changes
REMEMBERED = 10_000
# (session, course) of views that are in the ledger for certain: further readings need not look there.
_recorded: OrderedDict[tuple[str, str], None] = OrderedDict()


async def grant(database: Database, actor: Actor, course_uid: str) -> ViewGrant:
    """Make a grant; nothing else makes one. A view that must be recorded is in the ledger when this returns.

    Raises NotYours for an inspector who may not read the course; for others that is checked when they read.
    """
    view = (actor.session_uid, course_uid)
    if actor.hat.is_watched and view not in _recorded:
        await database.awrite(lambda uow: record_view(uow, actor, course_uid), shard=actor.hat.school_uid)
        _recorded[view] = None
        while len(_recorded) > REMEMBERED:
            _recorded.popitem(last=False)
    return ViewGrant(actor, course_uid, SEAL)


def record_view(uow: UnitOfWork, actor: Actor, course_uid: str) -> None:
    """Append that the actor looks into a course, once for each session. Raises NotYours."""
    with operation(uow, actor, JOURNAL_VIEWED, Right.SEE_JOURNAL) as op:
        if not is_readable(op.reading, course_uid):
            raise NotYours
        view = (JOURNAL_VIEWED.name, VIEW, course_uid)
        if not ledger.touched_in_session(uow.connection, op.chain.chain_id, *view, actor.session_uid):
            op.add(Item(VIEW, course_uid, None, None))
