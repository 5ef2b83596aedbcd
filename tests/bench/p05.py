"""P-5 in Chromium: a block of 30 × 10 cells pasted into a grid of 33 × 80."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.bench import grid, reference
from tests.bench.figures import Figure, exactly, timed

ROUNDS, ROWS, COLUMNS = 5, 30, 10
PASTE = """
(text) => new Promise((resolve) => {
  const grid = document.querySelector("[data-testid=journal-grid]");
  const begun = performance.now(); let busy = false;
  const look = () => {
    const waits = grid.querySelector('td[data-state]:not([data-state="rest"])');
    if (waits) busy = true; else if (busy) { seen.disconnect(); resolve(performance.now() - begun); }
  };
  const seen = new MutationObserver(look);
  seen.observe(grid, { subtree: true, childList: true, attributes: true });
  const data = new DataTransfer(); data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
})
"""


def pasted(page: Page, sent: list[str]) -> tuple[list[float], int, int]:
    """Seconds of each pasted block, the most events it took, and how many cells were written."""
    first, found, events = page.locator('td[data-r="0"]').count() - COLUMNS - 2, [], 0
    for round_ in range(ROUNDS):
        grid.open_cell(page, 0, first)
        lines = ["\t".join("5432"[(row + column + round_) % 4] for column in range(COLUMNS)) for row in range(ROWS)]
        sent.clear()
        found.append(page.evaluate(PASTE, "\n".join(lines)) / 1000)
        events = max(events, sum("journal_state.enter" in frame and "open_page" not in frame for frame in sent))
    columns = range(first, first + COLUMNS)
    written = sum(page.locator(f'td[data-c="{column}"]:not([data-value=""])').count() for column in columns)
    return found, events, written


def run() -> list[Figure]:
    sent: list[str] = []
    with grid.teacher_of_the_course(1) as (_browser, teacher, journal):
        page = teacher.opened(journal, sent)
        blocks, events, written = pasted(page, sent)
    assert written == ROWS * COLUMNS, written
    with TemporaryDirectory(prefix="ais-bench-") as name:
        inserts = reference.commits(Path(name), ROUNDS, ROWS * COLUMNS)
    return [
        timed(
            f"paste of {ROWS} × {COLUMNS} ({written} cells, {events} event)",
            blocks,
            limit=(300, None),
            reference=("300 bare inserts", inserts),
        ),
        exactly(1, "events of a pasted block", events, "event"),
    ]
