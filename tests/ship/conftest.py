"""The wheel, built and installed by pip into a fresh environment beside copies of nothing but what it asks for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests.builders import SmallSchool, small_school
from tests.conftest import MONDAY
from tests.servers import ROOT, Server, free_port, started

NOWHERE = "/nonexistent"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """Built like `make build` does, from frontends that are up to date or not at all."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("ais-*.whl"))


@dataclass
class Installed:
    """A fresh environment with the wheel in it."""

    folder: Path
    distribution: Distribution
    needed: dict[str, Distribution]

    @property
    def packages(self) -> Path:
        return next(self.folder.glob("lib/python3*/site-packages"))

    def ais(self, *arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "bin" / "ais", *arguments],
            cwd=cwd,
            env=bare(cwd, **settings),
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, cwd: Path, **settings: str) -> Iterator[Server]:
        """`ais run` in any folder, with nothing on the PATH."""
        environment = bare(cwd, AIS_PORT=str(free_port()), **settings)
        with started([self.folder / "bin" / "ais", "run"], cwd, environment, cwd) as server:
            yield server


def bare(home: Path, **settings: str) -> dict[str, str]:
    """What `env -i PATH=/nonexistent` leaves, and the settings of a test."""
    tests = {"AIS_ENV": "test", "AIS_CLOCK": MONDAY.isoformat(), "AIS_PASSWORD_COST": "4"}
    return {"PATH": NOWHERE, "HOME": str(home), "LANG": "C.UTF-8", **tests, **settings}


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory) -> Installed:
    """The wheel by pip without an index; what its metadata asks for is linked from this environment, and no more."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", wheel], check=True)
    packages = next(folder.glob("lib/python3*/site-packages"))
    of_wheel = next(iter(Distribution.discover(name="ais", path=[str(packages)])))
    made = Installed(folder, of_wheel, needed_by(of_wheel))
    libraries = folder.parent / "libraries"
    libraries.mkdir()
    for one in made.needed.values():
        for part in {path.parts[0] for path in one.files or () if path.parts[0] not in ("..", "__pycache__")}:
            link = libraries / part
            if not link.exists():
                link.symlink_to(Path(str(one.locate_file(part))))
    (packages / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return made


def needed_by(start: Distribution) -> dict[str, Distribution]:
    """Every package that `start` needs without extras, and what those need: as an installer would find it."""
    found: dict[str, Distribution] = {}
    waiting = [(start, frozenset[str]())]
    while waiting:
        one, extras = waiting.pop()
        for line in one.requires or ():
            wanted = Requirement(line)
            if wanted.marker is not None and not any(
                wanted.marker.evaluate({"extra": extra}) for extra in extras | {""}
            ):
                continue
            name = re.sub(r"[-_.]+", "-", wanted.name).lower()
            if name not in found or wanted.extras:
                found[name] = distribution(wanted.name)
                waiting.append((found[name], frozenset(wanted.extras)))
    return found


@pytest.fixture(scope="session")
def schooled(tmp_path_factory) -> Iterator[tuple[Path, SmallSchool]]:
    """A small school in the embedded database of a folder, in `var/` as by default."""
    folder = tmp_path_factory.mktemp("schooled")
    (folder / "var").mkdir()
    database = Database(f"sqlite:///{folder / 'var' / 'ais.sqlite3'}", SetClock(MONDAY))
    migrations.upgrade(database, triggers.install)
    yield folder, small_school(database)
    database.close()
