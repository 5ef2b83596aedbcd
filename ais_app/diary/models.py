"""What the diary itself holds: who has seen a week, who looked when. Everything else in it is the journal's."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment


class Acknowledgement(PublicRow, table=True):
    """A guardian has seen the week of a student that begins on `monday` («ознакомлен», P-DIA-2).

    Where something was corrected afterwards, he may sign again: a second row; the first one keeps its moment.
    """

    __tablename__ = "acknowledgement"
    __table_args__ = (Index("ix_acknowledgement_week", "student_id", "monday", "guardian_id"),)

    student_id: int = Field(foreign_key="person.id")
    monday: date
    guardian_id: int = Field(foreign_key="person.id", index=True)
    at: datetime = moment()


class DiaryVisit(Row, table=True):
    """When an account last looked at the diary of a student.

    `known`: what was written up to this moment is not shown as new in the present visit; `looked`: its latest look.
    """

    __tablename__ = "diary_visit"
    __table_args__ = (Index("ux_diary_visit_place", "account_id", "student_id", unique=True),)

    account_id: int = Field(foreign_key="account.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    known: datetime = moment()
    looked: datetime = moment()
