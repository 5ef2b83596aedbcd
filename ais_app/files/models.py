"""Table of stored files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, moment


class StoredFile(PublicRow, table=True):
    """A file that somebody may download; its content lies in the store under its SHA-256, which others may share.

    `school` is the uid of its school, "" = of the installation. `sha256` = "": room is reserved for `size` bytes that
    are on their way, until `kept_until`. `kept_until` None = until its room removes it. `account`: who stored it.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_school", "school"),
        Index("ix_stored_file_content", "sha256"),
        Index("ix_stored_file_term", "kept_until"),
    )

    school: str = Field(default="", max_length=32)
    purpose: str = Field(max_length=32)
    account: str = Field(max_length=32)
    name: str = Field(default="", max_length=120)
    type: str = Field(default="", max_length=16)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(default="", max_length=64)
    created_at: datetime = moment()
    kept_until: datetime | None = moment(default=None, nullable=True)
