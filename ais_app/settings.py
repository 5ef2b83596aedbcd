"""Settings: the `AIS_*` environment as one typed, frozen object (documented in docs/settings.md)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseSettings):
    """Everything the environment may say. Unknown `AIS_*` names are ignored, wrong values are refused."""

    model_config = SettingsConfigDict(env_prefix="AIS_", frozen=True, env_ignore_empty=True)

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

    @model_validator(mode="after")
    def _possible(self) -> Settings:
        if self.workers > 1 and not (self.redis_url and self.database_url.startswith("postgresql")):
            msg = "AIS_WORKERS above 1 needs AIS_REDIS_URL and a PostgreSQL AIS_DATABASE_URL"
            raise ValueError(msg)
        if self.redis_url and not _is_guarded(self.redis_url):
            msg = (
                "AIS_REDIS_URL of another machine needs a password: states lie there, and who can write them runs code"
            )
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
        """The data folder as an absolute path."""
        return self.data_dir.resolve()

    @property
    def database(self) -> str:
        """The database address; by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'ais.sqlite3'}"

    @property
    def is_https(self) -> bool:
        """Whether people come by https, so that cookies can demand it."""
        return self.base_url.startswith("https:")

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK


def _is_guarded(redis_url: str) -> bool:
    """Whether nobody but this machine, or who knows a password, reaches this Redis."""
    address = urlsplit(redis_url)
    return address.scheme == "unix" or address.hostname in LOOPBACK or bool(address.password)


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
