"""The table of ids of other systems, by which a second import finds what the first one wrote."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import Row


class ImportedId(Row, table=True):
    """The `source_id` of an `entity` in a `source` became the row with this `uid` here."""

    __tablename__ = "imported_id"
    __table_args__ = (Index("ux_imported_id", "source", "entity", "source_id", unique=True),)

    source: str = Field(max_length=32)
    entity: str = Field(max_length=32)
    source_id: str = Field(max_length=255)
    uid: str = Field(max_length=32)
