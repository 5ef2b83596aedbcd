"""Looking at the server's processes: memory."""

from __future__ import annotations

import re
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and everything it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *(one for child in children for one in family(int(child)))]


def memory(pid: int) -> float:
    """Proportional set size of a process and its children, in MB: what is shared counts once."""
    total = 0
    for one in family(pid):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8"), re.M)
        total += int(found[1]) if found else 0
    return total / 1024
