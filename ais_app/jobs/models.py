"""Tables of jobs: what was asked for and how far it is, and when what is due by itself comes next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment

_OPEN = text("state IN ('waiting', 'running') AND key <> ''")


class Job(PublicRow, table=True):
    """A job. `school` is the uid of its school, "" = of the installation; `payload` and `result` are JSON.

    `owner` names who runs it now, anew for each run, until `lease_until` unless that is renewed. `written` counts the
    parts whose effect is in the database; it changes in the transaction of the effect. `attempts` since the last of
    them. `account`, `hat`, `session`, `network`, `origin`: who asked, as the ledger calls an author.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ux_job_open", "kind", "school", "key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_job_due", "state", "run_after"),
        Index("ix_job_listed", "school", "asked_at"),
    )

    school: str = Field(default="", max_length=32)
    kind: str = Field(max_length=64)
    key: str = Field(default="", max_length=64)
    payload: str
    state: str = Field(max_length=16)
    run_after: datetime = moment()
    owner: str = Field(default="", max_length=32)
    lease_until: datetime | None = moment(default=None, nullable=True)
    attempts: int = 0
    step: str = Field(default="", max_length=64)
    done: int = 0
    total: int = 0
    written: int = 0
    result: str = ""
    file: str = Field(default="", max_length=32)
    error_id: str = Field(default="", max_length=32)
    refused: str = ""
    stop_asked: bool = False
    put_away: bool = False
    account: str = Field(default="", max_length=32)
    hat: str = Field(default="", max_length=96)
    session: str = Field(default="", max_length=32)
    network: str = Field(default="", max_length=64)
    origin: str = Field(default="", max_length=16)
    asked_at: datetime = moment()
    started_at: datetime | None = moment(default=None, nullable=True)
    ended_at: datetime | None = moment(default=None, nullable=True)


class JobSchedule(Row, table=True):
    """When a job of a kind is asked for next; `rule` spells the schedule by which `next_run` was reckoned."""

    __tablename__ = "job_schedule"
    __table_args__ = (Index("ux_job_schedule_kind", "kind", "school", unique=True),)

    kind: str = Field(max_length=64)
    school: str = Field(default="", max_length=32)
    rule: str = Field(max_length=96)
    next_run: datetime = moment()
