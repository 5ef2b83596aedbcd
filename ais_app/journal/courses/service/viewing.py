"""Views that must be recorded: each course that an inspector opens is in the ledger, once for a session (D-57)."""

from __future__ import annotations

from collections import OrderedDict

from ais_app.db import Database, UnitOfWork
from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.courses.queries.courses import is_readable
from ais_app.ledger import queries as ledger_queries
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor

KIND = "journal_viewed"
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
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    if not is_readable(Reading.at(uow.connection, actor, uow.now), course_uid):
        raise NotYours
    known = ledger_queries.course_touched_in_session
    if not known(uow.connection, chain.chain_id, KIND, course_uid, actor.session_uid):
        ledger.append(uow, chain, actor.author, KIND, [Item("course", course_uid, None, None)])
