"""Tables of the grid (D-7): the cell, which is the unit of conflict, and its marks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import Row, moment


class Cell(Row, table=True):
    """The version of a student × work, which a writer must have seen in order to change it.

    No row: nothing was entered yet. `changed`: a value that it held was written over.
    """

    __tablename__ = "cell"
    __table_args__ = (Index("ux_cell_place", "work_id", "student_id", unique=True),)

    work_id: int = Field(foreign_key="work.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    version: int
    changed: bool = False
    entered_at: datetime = moment()


class Mark(Row, table=True):
    """One mark of a cell. `hundredths` is what it counts as (500 = «5»); None does not enter a mean.

    `written_at`: since when this mark is in the cell; changes of the rest of the cell leave it.
    """

    __tablename__ = "mark"
    __table_args__ = (Index("ux_mark_place", "work_id", "student_id", "ordinal", unique=True),)

    work_id: int = Field(foreign_key="work.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    ordinal: int
    code: str = Field(max_length=8)
    hundredths: int | None = None
    comment: str = Field(default="", max_length=500)
    written_at: datetime = moment()
