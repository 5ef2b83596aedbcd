"""Table of the values of settings: only what was set; without a row the usual value of the declaration holds."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow


class SettingValue(PublicRow, table=True):
    """A value from `valid_from` until the next row of the same key and reach. `school_id` None: of the installation.

    `value`: canonical text (`value_types.py`), "" = the wider or the usual value. `reach` and `reach_of`: `rules.Reach`
    and the grade or uid.
    """

    __tablename__ = "setting_value"
    __table_args__ = (
        Index("ux_setting_value_from", "school_id", "key", "reach", "reach_of", "valid_from", unique=True),
    )

    school_id: int | None = Field(default=None, foreign_key="school.id")
    key: str = Field(max_length=48)
    reach: str = Field(default="school", max_length=16)
    reach_of: str = Field(default="", max_length=32)
    value: str = Field(max_length=64)
    valid_from: date
