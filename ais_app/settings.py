"""Settings: the `AIS_*` environment as one typed, frozen object (documented in docs/settings.md)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ais_app.clock import is_zone

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseSettings):
    """Everything the environment may say. Unknown `AIS_*` names are ignored, wrong values are refused."""

    model_config = SettingsConfigDict(env_prefix="AIS_", frozen=True, env_ignore_empty=True, validate_default=True)

    data_dir: Path = Field(
        default=Path("var"), description="Folder of the embedded database and of what the server keeps."
    )
    database_url: str = Field(
        default="", description="postgresql://user@host/name, or a SQLite file; empty: SQLite in the data folder."
    )
    database_owner_url: str = Field(
        default="",
        description="PostgreSQL, for `ais migrate` alone: the owner of the tables; empty: one role for all.",
    )
    redis_url: str = Field(
        default="",
        description="Redis for states and live changes: redis://host:6379/0; needed by more than one process.",
    )
    language: Literal["ru", "en"] = Field(default="ru", description="Language of pages and messages: ru or en.")
    base_url: str = Field(
        default="", description="Address that people use; with https: the cookie is __Host- and Secure."
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that the server listens on.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes; more than one needs PostgreSQL and Redis.")
    timezone: str = Field(
        default="Europe/Moscow",
        description="Zone of newly imported schools (each keeps its own) and of roles without a school.",
    )
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(
        default=[], description='JSON list of networks whose X-Forwarded-For is believed: ["127.0.0.1/32"].'
    )
    env: Literal["production", "test"] = Field(
        default="production", description="test allows the two settings below it."
    )
    clock: datetime | None = Field(
        default=None, description="Tests only: the moment at which the server's clock begins."
    )
    password_cost: int = Field(
        default=12, ge=4, le=16, description="bcrypt cost of chosen passwords; below 12 in tests only."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Key that signs the cookies of known devices; empty: made once, data folder/secret.key.",
    )
    witness_key: Path | None = Field(
        default=None,
        description="PEM file with the Ed25519 key of the witness; empty: made once, data folder/witness.key.",
    )
    witness_copy: Path | None = Field(
        default=None, description="A second file of the witness, best on another machine's disk; empty: none."
    )
    jobs_at_once: int = Field(
        default=1, ge=0, le=8, description="Jobs that a process runs side by side; 0: none, `ais worker` does."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="With it /metrics answers other machines: Authorization: Bearer TOKEN; empty: this machine only.",
    )
    alarm_free_disk: int = Field(
        default=1024, ge=0, description="Alarm when the disk of the data folder has less free: megabytes."
    )
    alarm_refusals: int = Field(
        default=500, ge=1, description="Alarm when so many attempts were refused within ten minutes."
    )
    demo_public: bool = Field(
        default=False,
        description="Serve the demonstration school beyond this machine, though its passwords are public.",
    )

    @field_validator("data_dir", "witness_key", "witness_copy")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        """Resolve against the folder where the command was given: the server works in another one (`serve.prepare`)."""
        return None if path is None else path.resolve()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if not is_zone(name):
            msg = f"{name} is no time zone such as Europe/Moscow"
            raise ValueError(msg)
        return name

    @field_validator("database_url")
    @classmethod
    def _absolute_file(cls, url: str) -> str:
        """Resolve a relative path of a SQLite file against the same folder."""
        scheme, found, path = url.partition("sqlite:///")
        return f"sqlite:///{Path(path).resolve()}" if found and not scheme and path else url

    @model_validator(mode="after")
    def _possible(self) -> Settings:
        if self.workers > 1 and not (self.redis_url and self.database_url.startswith("postgresql")):
            msg = "AIS_WORKERS above 1 needs AIS_REDIS_URL and a PostgreSQL AIS_DATABASE_URL"
            raise ValueError(msg)
        if self.database_owner_url and not _are_two_roles(self.database_url, self.database_owner_url):
            msg = "AIS_DATABASE_OWNER_URL needs a PostgreSQL AIS_DATABASE_URL of the same database with another user"
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
        """The data folder, absolute."""
        return self.data_dir

    @property
    def files(self) -> Path:
        """The folder of stored files."""
        return self.data / "files"

    @property
    def database(self) -> str:
        """The database address; by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'ais.sqlite3'}"

    @property
    def witness_key_file(self) -> Path:
        """Where the key of the witness lies."""
        return self.witness_key or self.data / "witness.key"

    @property
    def witness_files(self) -> tuple[Path, ...]:
        """The files that the witness writes, the one in the data folder first."""
        return (self.data / "witness.jsonl", *((self.witness_copy,) if self.witness_copy else ()))

    @property
    def is_https(self) -> bool:
        """Whether people come by https, so that cookies can demand it."""
        return self.base_url.startswith("https:")

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK


def _is_guarded(redis_url: str) -> bool:
    """Whether this Redis is on this machine, or its address holds a password."""
    address = urlsplit(redis_url)
    return address.scheme == "unix" or address.hostname in LOOPBACK or bool(address.password)


def _are_two_roles(url: str, owner_url: str) -> bool:
    """Whether both are PostgreSQL addresses of one database that name different users."""
    product, owner = urlsplit(url), urlsplit(owner_url)
    if not (product.scheme.startswith("postgresql") and owner.scheme.startswith("postgresql")):
        return False
    users = {product.username, owner.username}
    return product.path == owner.path and len(users) == 2 and None not in users


def described() -> list[tuple[str, str]]:
    """Every variable with its meaning and default, for the help of the command."""
    variables: list[tuple[str, str]] = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in ("", None, []) else f" [default: {field.default}]"
        variables.append((f"AIS_{name.upper()}", f"{field.description}{default}"))
    return variables


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
