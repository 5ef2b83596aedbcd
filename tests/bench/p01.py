"""P-1 in Chromium: key → value in the cell and focus in the next, in a grid of 33 × 80."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.bench import grid
from tests.bench.figures import Figure, timed

KEYS = 60
EMPTY_INPUT = "<input id=i autofocus>"
INPUT_WATCH = """
() => { const done = window.bench = []; const input = document.getElementById("i"); let at = 0; input.focus();
  input.addEventListener("keydown", (event) => { at = event.timeStamp });
  input.addEventListener("input", () => done.push(performance.now() - at)) }
"""


def input_keys(browser: Browser) -> list[float]:
    """Seconds of each key until an empty input has its letter."""
    page = browser.new_page()
    page.set_content(EMPTY_INPUT)
    page.evaluate(INPUT_WATCH)
    for number in range(KEYS):
        page.keyboard.press("5432"[number % 4])
    found = page.evaluate("window.bench")
    page.close()
    return [one / 1000 for one in found][grid.LEFT_OUT :]


def run() -> list[Figure]:
    with grid.teacher_of_the_course(1) as (browser, teacher, journal):
        hand = grid.Hand(teacher.opened(journal))
        for _key in range(KEYS):
            hand.press()
        shown, plain = hand.shown, input_keys(browser)
    return [
        timed(
            f"key → value in the cell, focus in the next; {grid.SIZE}",
            shown,
            limit=(16, None),
            reference=("empty `<input>`", plain),
        )
    ]
