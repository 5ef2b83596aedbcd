"""The suite itself on two workers: what is shared stays together, everything is counted, a worker that dies fails the run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT
from tools import tasks

CONFTEST = """
import os
from pathlib import Path
import pytest
from tests.conftest import pytest_terminal_summary
from tests.parallel import *

@pytest.fixture(autouse=True)
def _noted(request):
    with Path("places").open("a") as places:
        places.write(f"{request.node.originalname}{getattr(request, 'param', '')} {os.getpid()}\\n")

@pytest.fixture(scope="session", params=["one", "two"])
def world(request):
    return request.param
"""
QUIET = """
import pytest

@pytest.fixture(scope="module")
def served():
    return 1

def test_first_of_served(served): pass
def test_second_of_served(served): pass
def test_of_a_world(world): pass
"""
OTHER = """
def test_of_the_other_module(): pass
def test_that_uses_a_world_too(world): pass
"""
DIES_IN_A_TEST = "import os\ndef test_dies(): os._exit(0)\n"
DIES_AFTERWARDS = """
import os
import pytest

@pytest.fixture(scope="session")
def server():
    yield
    os._exit(0)

def test_passes(server): pass
"""


def run(folder: Path, **modules: str) -> subprocess.CompletedProcess[str]:
    """pytest as `make test` calls it, over a small suite with the hooks of this one."""
    place = folder / "tests" / "unit"
    place.mkdir(parents=True)
    (folder / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -q -p no:cacheprovider\n", encoding="utf-8")
    for name, source in modules.items():
        (place / f"test_{name}.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n2", *tasks.GROUPS, "tests"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_what_is_shared_stays_together_and_all_is_counted(tmp_path):
    done = run(tmp_path, quiet=QUIET, other=OTHER)
    assert done.returncode == 0, done.stdout
    assert "unit: 7, states: 0" in done.stdout
    assert re.fullmatch(r"7 passed in .*", done.stdout.splitlines()[-1])
    noted = [line.split() for line in (tmp_path / "places").read_text().splitlines()]
    places = {name: {pid for one, pid in noted if one == name} for name, _pid in noted}
    assert places["test_first_of_served"] == places["test_second_of_served"]
    assert len(places["test_first_of_served"]) == 1
    assert len({pid for _name, pid in noted}) == 2


@pytest.mark.parametrize("source", [DIES_IN_A_TEST, DIES_AFTERWARDS], ids=["in a test", "after the last test"])
def test_a_worker_that_dies_fails_the_run(tmp_path, source):
    done = run(tmp_path, quiet=QUIET, dies=source)
    assert done.returncode != 0, done.stdout
    assert "crashed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "parallel"),
    [
        ([], True),
        (["-k", "ledger"], True),
        (["-x", "--durations=5"], True),
        (["tests/unit/test_rules.py"], False),
        (["tests/wire", "-x"], False),
        (["tests/unit/test_rules.py::test_a_mean_is_exact_and_between_its_marks"], False),
    ],
)
def test_the_suite_runs_in_parallel_and_a_few_files_in_one_process(arguments, parallel):
    assert bool(tasks.in_parallel(arguments)) is parallel
    assert not parallel or int(tasks.in_parallel(arguments)[1]) >= 2
