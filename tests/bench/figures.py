"""Figures: what was measured beside its reference, as a table in docs/performance.md."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from tests.servers import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"
HEAD = "| | What | Median | p95 | Budget | | Reference of the same run | Ratio | Load | Commit |"
RULE = "|---|---|---|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Figure:
    """One measured thing. Times in milliseconds unless `unit` says otherwise; `met` None = there is no budget."""

    what: str
    median: float
    p95: float | None = None
    unit: str = "ms"
    limit: str = ""
    met: bool | None = None
    reference: str = ""
    ratio: float | None = None


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def took(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def timed(
    what: str,
    seconds: Sequence[float],
    *,
    limit: tuple[float | None, float | None] = (None, None),
    reference: tuple[str, Sequence[float]] | None = None,
) -> Figure:
    """A figure from seconds; `limit` = (median, p95) in ms; `reference` = (what, seconds)."""
    middle, high = median(seconds) * 1000, percentile(seconds, 0.95) * 1000
    said = ", ".join(
        f"{name} ≤ {bound:g} ms" for name, bound in zip(("p50", "p95"), limit, strict=True) if bound is not None
    )
    met = all(bound is None or value <= bound for value, bound in zip((middle, high), limit, strict=True))
    beside, ratio = "", None
    if reference is not None:
        other = median(reference[1]) * 1000
        beside, ratio = f"{reference[0]}: {spelled(other)} ms", middle / other if other else None
    return Figure(what, middle, high, "ms", said, met if said else None, beside, ratio)


def grown(what: str, young: tuple[str, Sequence[float]], old: Sequence[float], most: float) -> Figure:
    """Seconds after years beside those of the first one, which may be exceeded `most` times; `young` = (what, seconds)."""
    beside = timed(what, old, reference=young)
    assert beside.ratio is not None
    return replace(beside, limit=f"≤ {most} × the first year", met=beside.ratio <= most)


def at_most(
    most: float, what: str, value: float, unit: str, *, reference: str = "", ratio: float | None = None
) -> Figure:
    """A value, not a time, that must not exceed `most`."""
    return Figure(what, value, None, unit, f"≤ {most:g} {unit}", value <= most, reference, ratio)


def at_least(
    least: float, what: str, value: float, unit: str, *, reference: str = "", ratio: float | None = None
) -> Figure:
    """A value that must reach `least`."""
    return Figure(what, value, None, unit, f"≥ {least:,} {unit}", value >= least, reference, ratio)


def exactly(wanted: int, what: str, value: int, unit: str) -> Figure:
    """A count that must be what it must be."""
    return Figure(what, value, None, unit, f"{wanted}", value == wanted)


def spelled(value: float) -> str:
    if isinstance(value, int) or value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def line(budget: str, figure: Figure, load: str, commit: str) -> str:
    high = "" if figure.p95 is None else f"{spelled(figure.p95)} {figure.unit}"
    verdict = "" if figure.met is None else "✓" if figure.met else "**missed**"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    cells = (
        budget,
        figure.what,
        f"{spelled(figure.median)} {figure.unit}",
        high,
        figure.limit,
        verdict,
        figure.reference,
        ratio,
        load,
        commit,
    )
    return "| " + " | ".join(cells) + " |"


def commit() -> str:
    """The commit that is measured; `+` says that the tree differs from it."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "?") + ("+" if git("status", "--porcelain", "-uno") else "")


def load_average() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def machine() -> str:
    """What the figures depend on most; a maker's name would say less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory"


def write(lines: dict[str, list[str]]) -> None:
    """Put measured lines, by budget, into the document; those of other budgets and the text around stay."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    inside, _, after = rest.partition(END)
    kept: dict[str, list[str]] = {}
    for one in inside.splitlines():
        found = re.match(r"\| (P-\d+) \|", one)
        if found:
            kept.setdefault(found[1], []).append(one)
    kept |= lines
    ordered = [one for budget in sorted(kept, key=lambda name: int(name[2:])) for one in kept[budget]]
    table = "\n".join((HEAD, RULE, *ordered))
    head = f"{machine()}. Server and load generator on this one machine. Load = average of a minute when it began.\n"
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{head}\n{table}\n\n{END}{after}", encoding="utf-8")
