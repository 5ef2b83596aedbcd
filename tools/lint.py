"""What `make lint` calls: every check of the sources, side by side, also after one has failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tasks import BIN, JAVASCRIPT, ROOT, environment, path_with_node, say

NODE_MODULES = JAVASCRIPT / "node_modules" / ".bin"
CHECKS: dict[str, tuple[str | Path, ...]] = {
    "ruff check": (BIN / "ruff", "check", "."),
    "ruff format": (BIN / "ruff", "format", "--check", "."),
    "import-linter": (BIN / "lint-imports",),
    "deptry": (BIN / "deptry", "."),
    "oxlint": (NODE_MODULES / "oxlint", "--deny-warnings", "ais_app", "assets", "tests", "tools"),
    "TypeScript": (NODE_MODULES / "tsc", "--project", "jsconfig.json"),
    "pyright": (BIN / "pyright",),
}


def begin(command: tuple[str | Path, ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=os.environ | {"PATH": path_with_node(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def lint() -> list[str]:
    """The names of the checks that failed; what each has to say stands together."""
    begun, failed = time.monotonic(), []
    for name, check in [(name, begin(command)) for name, command in CHECKS.items()]:
        told, _nothing = check.communicate()
        say(f"{name}: {'failed' if check.returncode else 'passed'} ({time.monotonic() - begun:.0f} s)")
        if check.returncode:
            failed.append(name)
            print(told, flush=True)
    return failed


if __name__ == "__main__":
    environment("dev")
    if failed := lint():
        sys.exit(f"failed: {', '.join(failed)}")
