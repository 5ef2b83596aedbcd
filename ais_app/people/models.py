"""Tables of schools and the people in them. Guardianship holds in [valid_from, valid_to)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, moment, named
from ais_app.people.names import NO_KEY, SORT_KEY, key_of_names


class School(PublicRow, table=True):
    """A school; what it has set stands in `setting_value`."""

    __tablename__ = "school"

    name: str = named(200)
    short_name: str = named(64)
    zone: str = Field(max_length=64)
    demonstration: bool = False
    created_at: datetime = moment()


class Person(PublicRow, table=True):
    """A person of one school: staff, student or guardian (D-1). The column itself sets `sort_key` from the names."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "school_id", "sort_key"),)

    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    family_name: str = named(120)
    given_name: str = named(120)
    patronymic: str = named(120, default="")
    birth_date: date | None = None
    sort_key: str = Field(
        default=None,
        sa_column=Column(SORT_KEY, nullable=False, server_default=NO_KEY, default=key_of_names, onupdate=key_of_names),
    )


class Guardianship(PublicRow, table=True):
    """Who may see a student's diary as guardian, and when; ended by decision or at a date."""

    __tablename__ = "guardianship"

    guardian_id: int = Field(foreign_key="person.id", index=True)
    student_id: int = Field(foreign_key="person.id", index=True)
    relation: str = Field(max_length=32)
    valid_from: date
    valid_to: date | None = None
