"""P-11 import: 1,000 students with 2,000 guardians in OneRoster, dry run and real, by the command line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from sys import executable
from tempfile import TemporaryDirectory
from time import perf_counter

from tests import servers
from tests.bench.figures import Figure, timed

STUDENTS = 1_000


def generated(folder: Path) -> Path | None:
    """The set to import; None while the tests have no generator for one of this size."""
    try:
        from tests.bench.rosters import generate_oneroster  # pyright: ignore[reportMissingImports]
    except ImportError:
        return None
    generate_oneroster(folder, students=STUDENTS)
    return folder


def seconds(arguments: list[str], data: Path) -> float:
    environment = servers.environment(data, 0, {})
    begun = perf_counter()
    subprocess.run(
        [executable, "-m", "ais_app.cli", *arguments],
        cwd=servers.ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return perf_counter() - begun


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="ais-bench-") as name:
        folder = generated(Path(name) / "set")
        if folder is None:
            print("p11: there is no generator of OneRoster sets yet", flush=True)
            return []
        data = Path(name) / "data"
        data.mkdir()
        seconds(["migrate"], data)
        importing = ["import", "oneroster", str(folder)]
        dry = [seconds([*importing, "--dry-run"], data)]
        real = [seconds([*importing, "--codes", str(data / "codes")], data)]
    return [
        timed("P-11", f"OneRoster, {STUDENTS:,} students, dry run, with the start of Python", dry, limit=(5000, None)),
        timed("P-11", "the same, real", real, limit=(15000, None)),
    ]
