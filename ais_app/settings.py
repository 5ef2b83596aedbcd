"""Settings: the `AIS_*` environment as one typed, frozen object (documented in docs/settings.md)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything the environment may say. Unknown `AIS_*` names are ignored, wrong values are refused."""

    model_config = SettingsConfigDict(env_prefix="AIS_", frozen=True, env_ignore_empty=True, validate_default=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    language: Literal["ru", "en"] = "ru"
    base_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    timezone: str = "Europe/Moscow"
    trusted_proxies: list[IPv4Network | IPv6Network] = []
    env: Literal["production", "test"] = "production"
    clock: datetime | None = None
    password_cost: int = Field(default=12, ge=4, le=16)
    demo_public: bool = False

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        """Against the folder where the command was given: the server works in another one (`serve.prepare`)."""
        return folder.resolve()

    @field_validator("database_url")
    @classmethod
    def _absolute_file(cls, url: str) -> str:
        """The same for a SQLite file that is named relative to that folder."""
        scheme, found, path = url.partition("sqlite:///")
        return f"sqlite:///{Path(path).resolve()}" if found and not scheme and path else url

    @model_validator(mode="after")
    def _possible(self) -> Settings:
        if self.workers > 1 and not (self.redis_url and self.database_url.startswith("postgresql")):
            msg = "AIS_WORKERS above 1 needs AIS_REDIS_URL and a PostgreSQL AIS_DATABASE_URL"
            raise ValueError(msg)
        if self.env == "production" and self.clock is not None:
            msg = "AIS_CLOCK is for tests: it needs AIS_ENV=test"
            raise ValueError(msg)
        if self.env == "production" and self.password_cost < 12:
            msg = "AIS_PASSWORD_COST below 12 is for tests: it needs AIS_ENV=test"
            raise ValueError(msg)
        return self

    @property
    def data(self) -> Path:
        """The data folder, absolute."""
        return self.data_dir

    @property
    def database(self) -> str:
        """The database address; by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'ais.sqlite3'}"

    @property
    def is_loopback(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
