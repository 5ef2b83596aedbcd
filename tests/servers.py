"""Real servers for tests: АИС itself, PostgreSQL and Redis, each on a free port and ended by its own pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
MOMENT = "2026-11-23T09:00:00+00:00"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what: str, seconds: float = 30) -> None:
    """Poll a condition until it holds; a test never sleeps for a fixed time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.02)


@dataclass
class Server:
    """A running АИС."""

    url: str
    database_url: str
    log: Path
    process: subprocess.Popen

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def kill(self) -> None:
        """`kill -9` of the server and its workers, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


def _environment(data: Path, port: int, extra: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIS_", "REFLEX", "__REFLEX"))}
    return kept | {
        "AIS_ENV": "test",
        "AIS_CLOCK": MOMENT,
        "AIS_PASSWORD_COST": "4",
        "AIS_LANGUAGE": "ru",
        "AIS_DATA_DIR": str(data),
        "AIS_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **extra,
    }


@contextmanager
def running(data: Path, database_url: str, port: int = 0, **extra: str) -> Iterator[Server]:
    """АИС on the given or a free port, over an existing database."""
    port = port or free_port()
    log = data / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ais_app.cli", "run"],
            cwd=ROOT,
            env=_environment(data, port, {"AIS_DATABASE_URL": database_url, **extra}),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", database_url, log, process)

    def ready() -> bool:
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            return httpx.get(f"{server.url}/readyz", timeout=1).status_code == 200
        except httpx.TransportError:
            return False

    try:
        wait_for(ready, "the server did not start")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A temporary PostgreSQL cluster; yields the address of an empty database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    binaries = found[-1] if found else Path(shutil.which("postgres") or "").parent
    if not (binaries / "initdb").exists():
        raise FileNotFoundError("PostgreSQL is not installed: its tests cannot run")
    cluster, port = folder / "cluster", free_port()
    as_user: list[str] = []
    folder.chmod(0o755)
    cluster.mkdir(mode=0o700)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(cluster, owner.pw_uid, owner.pw_gid)
        for parent in [folder, *folder.parents]:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o055)
        as_user = ["runuser", "-u", "postgres", "--"]
    subprocess.run(
        [*as_user, binaries / "initdb", "-D", cluster, "-A", "trust", "-U", "ais", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    process = subprocess.Popen(
        [*as_user, binaries / "postgres", "-D", cluster, "-p", str(port), "-k", cluster, "-h", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    ready = [binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
    try:
        wait_for(lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0, "PostgreSQL")
        yield f"postgresql://ais@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def redis() -> Iterator[str]:
    """A temporary Redis without persistence."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise FileNotFoundError("Redis is not installed: its tests cannot run")
    port = free_port()
    process = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )

    def ready() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(ready, "Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)
