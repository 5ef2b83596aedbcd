"""A bundle of other sources or other states is found: no wheel is made of it, no server starts with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT
from tests.ship.conftest import bare

SOURCES = ("ais_app", "alembic", "assets", "reflex.lock", "requirements", "tools")
FILES = ("rxconfig.py", "pyproject.toml", "README.md", "LICENSE", "NOTICE")
STATE = "ais_app/diary/state.py"


@pytest.fixture
def copy(tmp_path) -> Path:
    """The tree as it is, with the frontends that were built of it."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / ".web").mkdir()
    for part in ("build", "backend", "routes.json", "en"):
        (tmp_path / ".web" / part).symlink_to(ROOT / ".web" / part)
    return tmp_path


def add_variable(tree: Path) -> None:
    """What a programmer does who forgets the build: one more variable of a state."""
    path = tree / STATE
    text = path.read_text(encoding="utf-8")
    changed = text.replace("rx.State):\n", "rx.State):\n    forgotten: int = 0\n", 1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def run(tree: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    environment = bare(tree, PYTHONPATH=str(tree), PYTHONDONTWRITEBYTECODE="1", **settings)
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False, timeout=60)


def wheel_of(tree: Path) -> subprocess.CompletedProcess[str]:
    return run(tree, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tree / "dist"))


def test_what_was_built_of_these_sources_fits_and_makes_a_wheel(copy):
    assert run(copy, "-m", "ais_app.bundle_check").returncode == 0
    done = wheel_of(copy)
    assert (done.returncode, len(list((copy / "dist").glob("*.whl")))) == (0, 1), done.stderr


def test_a_changed_text_makes_no_wheel(copy):
    with (copy / "ais_app" / "locale" / "ru.po").open("a", encoding="utf-8") as catalogue:
        catalogue.write('\nmsgid "Forgotten"\nmsgstr "Забыто"\n')
    done = wheel_of(copy)
    assert done.returncode == 1
    assert "The frontend (ru, en) is missing or older than its sources: run `make build`." in done.stderr
    assert not (copy / "dist").exists() or not list((copy / "dist").iterdir())


def test_a_frontend_that_was_never_built_makes_no_wheel(copy):
    (copy / ".web" / "en").unlink()
    done = wheel_of(copy)
    assert done.returncode == 1
    assert "The frontend (en) is missing" in done.stderr


def test_a_changed_state_is_found_in_every_bundle(copy):
    add_variable(copy)
    for settings in ({}, {"REFLEX_WEB_WORKDIR": str(copy / ".web" / "en")}):
        done = run(copy, "-m", "ais_app.bundle_check", **settings)
        assert done.returncode == 1
        assert "was built for other states" in done.stderr


def test_a_server_does_not_start_with_a_bundle_of_other_states(copy):
    add_variable(copy)
    done = run(copy, "-m", "ais_app.cli", "run", AIS_PORT="0")
    assert done.returncode == 1
    assert "was built for other states" in done.stderr
    assert "run `make build`" in done.stderr
