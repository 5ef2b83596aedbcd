"""What `make coverage` calls: all tests under `coverage`, and the table of docs/coverage.md. Standard library only."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import PurePath

from tasks import BIN, LANGUAGES, ROOT, build, environment, git, in_parallel, run, say, system_packages

DATA = ROOT / ".coverage"
REPORT = DATA / "report.json"
PAGE = ROOT / "docs" / "coverage.md"
HEAD = "| Room | Statements | Run | Branches | Taken |\n|---|---|---|---|---|"


def measure(*tests: str) -> bool:
    """Run the tests, all of them unless some are named; whether they passed. Figures are made either way."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir()
    command = (BIN / "python", "-m", "coverage", "run", "-m", "pytest", *in_parallel([*tests]), *tests)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    run(BIN / "python", "-m", "coverage", "combine", "--quiet")
    run(BIN / "python", "-m", "coverage", "json", "--quiet", "-o", REPORT)
    return done.returncode == 0


def room_of(file: str) -> str:
    """The folder within the package: a room; what lies beside the rooms counts together."""
    parts = PurePath(file).parts
    return f"{parts[1]}/" if len(parts) > 2 else "beside the rooms"


def table(files: dict[str, dict[str, dict[str, int]]]) -> str:
    rooms: dict[str, Counter[str]] = defaultdict(Counter)
    for file, measured in files.items():
        for room in (room_of(file), "together"):
            rooms[room].update({name: count for name, count in measured["summary"].items() if isinstance(count, int)})
    order = sorted(rooms, key=lambda room: (room == "together", room == "beside the rooms", room))
    return "\n".join([HEAD, *(row(room, rooms[room]) for room in order)])


def row(room: str, counts: Counter[str]) -> str:
    lines, branches = counts["num_statements"], counts["num_branches"]
    return (
        f"| {room} | {lines} | {share(counts['covered_lines'], lines)} "
        f"| {branches} | {share(counts['covered_branches'], branches)} |"
    )


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def write(figures: str) -> None:
    """The table of the page, with the commit that it belongs to."""
    before, _old = PAGE.read_text(encoding="utf-8").split("<!-- figures -->\n")
    commit = git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")
    PAGE.write_text(f"{before}<!-- figures -->\nCommit {commit}.\n\n{figures}\n", encoding="utf-8")


if __name__ == "__main__":
    environment("dev")
    system_packages()
    for language in LANGUAGES:
        build(language)
    passed = measure(*sys.argv[1:])
    figures = table(json.loads(REPORT.read_text(encoding="utf-8"))["files"])
    say("coverage")
    print(figures, flush=True)
    if passed and not sys.argv[1:]:
        write(figures)
    sys.exit(not passed)
