"""Tables of ids of other systems, by which a second import finds what the first wrote, and of runs of imports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment


class ImportedId(Row, table=True):
    """The `source_id` of an `entity` in a `source` became the row with this `uid` here."""

    __tablename__ = "imported_id"
    __table_args__ = (Index("ux_imported_id", "source", "entity", "source_id", unique=True),)

    source: str = Field(max_length=32)
    entity: str = Field(max_length=32)
    source_id: str = Field(max_length=255)
    uid: str = Field(max_length=32)


class ImportedChange(Row, table=True):
    """What a run did to a row of `imported_id`: its uid before and after, None = there was none.

    `portion`: those that were written together, counted from 1.
    """

    __tablename__ = "imported_change"
    __table_args__ = (Index("ix_imported_change_portion", "run", "portion"),)

    run: str = Field(max_length=32)
    portion: int
    source: str = Field(max_length=32)
    entity: str = Field(max_length=32)
    source_id: str = Field(max_length=255)
    before: str | None = Field(default=None, max_length=32)
    after: str | None = Field(default=None, max_length=32)


class ImportRun(PublicRow, table=True):
    """The writing of a checked set; `uid` is the group of its operations and the name of its plan.

    `subjects`: what it is about, a JSON list: uids of schools and ids of schools in their source. `digest`: SHA-256 of
    the plan. `place`: bytes of it that are written; `done` of `steps` lines. `taken_back`: to undo it was begun.
    """

    __tablename__ = "import_run"

    subjects: str = Field(sa_type=Text)
    digest: str = Field(max_length=64)
    place: int = 0
    done: int = 0
    steps: int
    taken_back: bool = False
    account: str = Field(max_length=32)
    begun_at: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)
