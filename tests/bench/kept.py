"""What takes long to make is kept in `var/bench` until what it depends on changes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.servers import ROOT

KEPT = ROOT / "var" / "bench"


def digest(patterns: Iterable[str], *texts: str) -> str:
    """A short hash of the files of the repository that match, and of the texts."""
    found = hashlib.sha256("".join(texts).encode())
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def folder(name: str, depends: str) -> Path:
    """`var/bench/<name>-<depends>`; what is kept under the same name and depended on something else goes away."""
    wanted = KEPT / f"{name}-{depends}"
    for old in KEPT.glob(f"{name}-*"):
        if old != wanted:
            shutil.rmtree(old, ignore_errors=True)
    wanted.mkdir(parents=True, exist_ok=True)
    return wanted
