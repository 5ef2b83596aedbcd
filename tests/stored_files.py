"""A stored file, as a route stores it."""

from __future__ import annotations

from ais_app.db import Database
from ais_app.files import service
from ais_app.files.purposes import Purpose
from ais_app.files.store import FileStore
from ais_app.rights.rules import Actor


def stored(database: Database, store: FileStore, actor: Actor, content: bytes, purpose: Purpose, name: str) -> str:
    """Store a file; its uid."""
    uid = database.write(lambda uow: service.reserve(uow, actor, purpose, max(1, len(content))))
    incoming = store.incoming()
    incoming.write(content)
    with store.taken_in(incoming, purpose) as taken, store.placed(taken):
        database.write(lambda uow: service.complete(uow, actor, uid, purpose, taken, name))
    return uid
