"""P-11 import: 1,000 students with 2,000 guardians in OneRoster, dry run and real, by the command line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from sys import executable
from tempfile import TemporaryDirectory

from tests import servers
from tests.bench.figures import Figure, timed, took
from tests.bench.rosters import generate_oneroster

STUDENTS = 1_000


def ais(data: Path, *arguments: str) -> None:
    subprocess.run(
        [executable, "-m", "ais_app.cli", *arguments],
        cwd=servers.ROOT,
        env=servers.environment(data, 0, {}),
        check=True,
        capture_output=True,
    )


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="ais-bench-") as name:
        folder = str(generate_oneroster(Path(name) / "set", students=STUDENTS))
        data = Path(name) / "data"
        data.mkdir()
        ais(data, "migrate")
        dry = took(lambda: ais(data, "import", "oneroster", folder, "--dry-run"))
        real = took(lambda: ais(data, "import", "oneroster", folder, "--codes", str(data / "codes")))
    what = f"OneRoster, {STUDENTS:,} students, dry run, with the start of Python"
    return [timed(what, [dry], limit=(5000, None)), timed("the same, real", [real], limit=(15000, None))]
