"""What the figures are compared with: Reflex events that do nothing, one bare write, one ORM write; no guard, no rules.

Served by itself (`served`) in the way the product is: granian, one process, memory states.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import STDOUT, Popen
from sys import executable
from time import perf_counter
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Field, Session, SQLModel, create_engine

from tests import servers
from tests.bench.figures import took

FOLDER = os.environ.get("AIS_BENCH_FOLDER", "")
STATE = "reflex___state____state.tests___bench___reference____reference_state"
SCHEMA = "CREATE TABLE IF NOT EXISTS reference_mark (id INTEGER PRIMARY KEY, place INTEGER UNIQUE, value TEXT)"
UPSERT = (
    "INSERT INTO reference_mark (place, value) VALUES (?, ?) ON CONFLICT (place) DO UPDATE SET value = excluded.value"
)


class ReferenceMark(SQLModel, table=True):
    __tablename__: ClassVar[Any] = "reference_mark"

    id: int | None = Field(default=None, primary_key=True)
    place: int = Field(unique=True)
    value: str


def bare_connection(path: Path) -> sqlite3.Connection:
    """SQLite as the product opens it: WAL, every commit on the disk."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(SCHEMA)
    return connection


def commits(folder: Path, count: int, rows: int) -> list[float]:
    """Seconds of each of `count` transactions that insert so many rows and nothing else."""
    connection, found = bare_connection(folder / "commits.sqlite3"), []
    for number in range(count):
        begun = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for place in range(rows):
            connection.execute(UPSERT, (number * rows + place, "5"))
        connection.execute("COMMIT")
        found.append(perf_counter() - begun)
    connection.close()
    return found


def inserts(folder: Path, count: int) -> list[float]:
    """Seconds of each of `count` insertions in one transaction, without its commit."""
    connection = bare_connection(folder / "inserts.sqlite3")
    connection.execute("BEGIN IMMEDIATE")
    found = [took(lambda place=place: connection.execute(UPSERT, (place, "5"))) for place in range(count)]
    connection.execute("COMMIT")
    connection.close()
    return found


class Bare:
    """One writer thread with one connection."""

    def __init__(self, folder: Path) -> None:
        self._connection = bare_connection(folder / "bare.sqlite3")
        self._thread = ThreadPoolExecutor(1)

    async def write(self, place: int, value: str) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.execute, UPSERT, (place, value))


class Orm:
    """A session of the ORM in a thread of the pool for each write, as most applications do."""

    def __init__(self, folder: Path) -> None:
        path = folder / "orm.sqlite3"
        bare_connection(path).close()
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}, pool_size=16)

    async def write(self, place: int, value: str) -> None:
        await asyncio.to_thread(self._write, place, value)

    def _write(self, place: int, value: str) -> None:
        from sqlmodel import select

        with Session(self._engine) as session:
            found = session.exec(select(ReferenceMark).where(ReferenceMark.place == place)).first()
            mark = found or ReferenceMark(place=place, value=value)
            mark.value = value
            session.add(mark)
            session.commit()


class ReferenceState(rx.State):
    answer: dict[str, Any] = {}

    @rx.event
    async def nothing(self, raw: dict):
        self.answer = {"op": raw["op"]}

    @rx.event
    async def bare(self, raw: dict):
        await writers()["bare"].write(raw["place"], raw["value"])
        self.answer = {"op": raw["op"]}

    @rx.event
    async def orm(self, raw: dict):
        await writers()["orm"].write(raw["place"], raw["value"])
        self.answer = {"op": raw["op"]}


_writers: dict[str, Any] = {}


def writers() -> dict[str, Any]:
    if not _writers:
        _writers.update(bare=Bare(Path(FOLDER)), orm=Orm(Path(FOLDER)))
    return _writers


def application() -> Any:
    """What granian serves."""
    app = rx.App()
    app.add_page(lambda: rx.el.div(), route="/")
    return app()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The reference application; yields its address."""
    with granian("tests.bench.reference:application", servers.ROOT, folder, AIS_BENCH_FOLDER=str(folder)) as url:
        yield url


def environment(data: Path, **extra: str) -> dict[str, str]:
    """The environment of a Reflex process that is not the product: nothing of this one's settings, own folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIS_", "REFLEX", "__REFLEX"))}
    return kept | {
        "PYTHONPATH": str(servers.ROOT),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_STATES_WORKDIR": str(data / "states"),
        "REFLEX_DIR": str(data / "reflex"),
        "AIS_DATA_DIR": str(data / "data"),
        **extra,
    }


@contextmanager
def granian(target: str, place: Path, data: Path, **extra: str) -> Iterator[str]:
    """An application (`module:factory`, found from `place`) on a free port, one process; yields its address."""
    port, log = servers.free_port(), data / "granian.log"
    command = [executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port), "--workers", "1"]
    with log.open("w") as output:
        process = Popen(
            [*command, target],
            cwd=place,
            env=environment(data, __REFLEX_SKIP_COMPILE="true", **extra),
            stdout=output,
            stderr=STDOUT,
            start_new_session=True,
        )

    def ready() -> bool:
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        servers.wait_for(ready, f"{target} did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=15)
