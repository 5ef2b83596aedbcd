"""Real servers for tests: АИС itself, PostgreSQL and Redis, each on a free port and ended by its own pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
MOMENT = "2026-11-23T09:00:00+00:00"


PORTS = range(20_000, 32_000)  # below those that the system gives to outgoing connections
_taken: list[socket.socket] = []


def free_port() -> int:
    """A port that is free and that no other process with tests is given: its name is held until this process ends."""
    for step in range(len(PORTS)):
        port = PORTS[(os.getpid() * 97 + len(_taken) + step) % len(PORTS)]
        name = socket.socket(socket.AF_UNIX)
        with socket.socket() as probe:
            try:
                name.bind(f"\0ais-port-{port}")
                probe.bind(("127.0.0.1", port))
            except OSError:
                name.close()
                continue
        _taken.append(name)
        return port
    raise OSError("no port is free")


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

    @property
    def workers(self) -> list[int]:
        """The pids of the processes that serve: the children of the launcher."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        serving = [int(pid) for pid in children.split()]
        return [pid for pid in serving if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill(self) -> None:
        """`kill -9` of the server and its workers, as a power cut would; once it returns, none of them holds a socket.

        The launcher's end is not enough: a worker that dies after it can still take a connection and reset it.
        """
        workers = self.workers
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        wait_for(lambda: not any(map(_runs, workers)), "a worker outlives its kill")


def _runs(pid: int) -> bool:
    """Whether a process still holds anything: its files are open until the last of its threads has ended (Z, X)."""
    try:
        stats = [path.read_text(encoding="ascii") for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    except (FileNotFoundError, ProcessLookupError):  # a thread ended between the list and its look
        return Path(f"/proc/{pid}").exists()
    return any(stat.rpartition(")")[2].split()[0] not in ("Z", "X") for stat in stats)


def environment(data: Path, port: int, extra: dict[str, str]) -> dict[str, str]:
    """The environment of a process under test: nothing of this one's settings, a fixed moment, cheap passwords."""
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
    command = [sys.executable, "-m", "ais_app.cli", "run"]
    settings = environment(data, port, {"AIS_DATABASE_URL": database_url, **extra})
    with started(command, ROOT, settings, data, database_url) as server:
        yield server


@contextmanager
def started(command: list, cwd: Path, settings: dict[str, str], logs: Path, database_url: str = "") -> Iterator[Server]:
    """A server by its command, once it is ready; `settings` is its whole environment, with `AIS_PORT`."""
    port = settings["AIS_PORT"]
    log = logs / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=settings, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
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
        wait_for(ready, "the server did not start", 120)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


MEMORY, ROOM_IN_MEMORY = Path("/dev/shm"), 2 * 1024**3


def roomy_memory() -> Path | None:
    """A folder in memory where there is one with room: a copy of a database is made there in a third of the time."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_IN_MEMORY else None


class Postgresql:
    """A temporary PostgreSQL cluster that can be stopped, killed and started again on its port.

    Without fsync, and in memory where there is room: the machine does not lose its power here, and what a killed server
    has written stays written.
    """

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self._binaries = found[-1] if found else Path(shutil.which("postgres") or "").parent
        if not (self._binaries / "initdb").exists():
            raise FileNotFoundError("PostgreSQL is not installed: its tests cannot run")
        # A folder of its own: pytest closes its temporary folders to other users, also while another run is using them.
        self._folder = Path(tempfile.mkdtemp(prefix="ais-postgresql-", dir=roomy_memory()))
        self._cluster, self._port = self._folder / "cluster", free_port()
        self.url = f"postgresql://ais@127.0.0.1:{self._port}/postgres"
        self._owner: dict[str, Any] = {"cwd": "/"}
        self._log = (self._folder / "postgresql.log").open("ab")
        self._folder.chmod(0o755)
        self._cluster.mkdir(mode=0o700)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self._cluster, owner.pw_uid, owner.pw_gid)
            self._owner |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        make = [self._binaries / "initdb", "-D", self._cluster, "-A", "trust", "-U", "ais", "-E", "UTF8", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, **self._owner)
        self.start()

    def start(self) -> None:
        settings = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"]
        self._process = subprocess.Popen(
            [self._binaries / "postgres", "-D", self._cluster, "-p", str(self._port), "-k", self._cluster, *settings],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            **self._owner,
        )
        ready = [self._binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")

    def stop(self, *, immediate: bool = False) -> None:
        """A fast shutdown (clients are cut off, transactions rolled back) or an immediate one: no goodbye at all."""
        self._process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
        self._process.wait(timeout=20)

    def close(self) -> None:
        """Stop, if it still runs, and take everything away."""
        if self._process.poll() is None:
            self.stop(immediate=True)
        self._log.close()
        shutil.rmtree(self._folder)

    def end_backends(self) -> int:
        """End every client's backend, in the middle of whatever it does; returns how many there were."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'ais'"
            return len(connection.execute(query).fetchall())


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A temporary PostgreSQL cluster with an empty database."""
    server = Postgresql()
    try:
        yield server
    finally:
        server.close()


class Redis:
    """A temporary Redis without persistence: what is killed comes back empty, on the same port."""

    def __init__(self) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            raise FileNotFoundError("Redis is not installed: its tests cannot run")
        self._port = free_port()
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._command = [binary, "--port", str(self._port), *options]
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for(self._answers, "Redis")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(timeout=10)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


@contextmanager
def redis() -> Iterator[Redis]:
    """A temporary Redis."""
    server = Redis()
    try:
        yield server
    finally:
        server.kill()
