"""`make bench`, or `make bench ONLY=p3,p13`: measure, print, write the table into docs/performance.md."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback

from tests.bench import figures

MODULES = (
    "p01",
    "p02",
    "p03",
    "p04",
    "p05",
    "p06",
    "p07",
    "p08",
    "p10",
    "p11",
    "p12",
    "p13",
    "p14",
    "p15",
)  # one for each budget


def say(text: str) -> None:
    print(text, flush=True)


def chosen(only: str) -> list[str]:
    if not only:
        return list(MODULES)
    wanted = [name.strip().lower().replace("-", "") for name in only.split(",") if name.strip()]
    names = [f"p{int(name.removeprefix('p')):02}" for name in wanted]
    unknown = sorted(set(names) - set(MODULES))
    if unknown:
        sys.exit(f"not measured here: {', '.join(unknown)}; there are {', '.join(MODULES)}")
    return [name for name in MODULES if name in names]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help="such as p3,p13; all when empty")
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    say(f"{figures.machine()}; commit {figures.commit()}; load {figures.load_average()}")
    lines: dict[str, list[str]] = {}
    failed: list[str] = []
    for name in chosen(arguments.only):
        begun, load = time.perf_counter(), figures.load_average()
        try:
            found = importlib.import_module(f"tests.bench.{name}").run()
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        budget = f"P-{int(name[1:])}"
        lines[budget] = [figures.line(budget, figure, load, figures.commit()) for figure in found]
        say("\n".join(lines[budget]))
        say(f"· {name}: {time.perf_counter() - begun:.0f} s")
    if lines and not arguments.no_write:
        figures.write(lines)
        say(f"written into {figures.DOCUMENT.relative_to(figures.ROOT)}")
    if failed:
        say(f"not measured because of an error: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
