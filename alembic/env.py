"""Migrations run on a connection that the caller gives (`ais_app.db.migrations`)."""

from __future__ import annotations

from typing import Any, Literal

from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import ais_app.tables  # noqa: F401 - fills the metadata
from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    from ais_app.db import Database
    from ais_app.settings import settings

    connection = Database(settings().database).connect()


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Spell SQLModel's own string type as plain SQLAlchemy: a migration outlives the library."""
    return f"sa.String(length={item.length})" if kind == "type" and isinstance(item, AutoString) else False


context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
