"""In Chromium, 33 students × 80 lessons: P-1 key → cell, P-2 key → «saved», P-5 a pasted block, P-6 the page itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests import servers
from tests.bench import reference, schools
from tests.bench.figures import Figure, median, timed
from tests.browser.conftest import browser_path
from tests.builders import large_course, small_school

KEYS, STUDENTS, LESSONS, OPENS = 60, 33, 80, 7
EMPTY_INPUT = "<input id=i autofocus>"

# Times a trusted key from the moment the browser made the event until the cell has its value and the next the focus,
# and until the cell is at rest: committed, answered, its mean drawn.
WATCH = """
() => {
  const done = window.bench = { value: [], saved: [] };
  let pressed = null;
  document.addEventListener("keydown", (event) => {
    if (event.key.length > 1) return;
    const cell = event.target.closest("td");
    pressed = cell ? { at: event.timeStamp, cell, shown: false, moved: false } : null;
  }, true);
  const look = () => {
    if (!pressed) return;
    const { cell, at } = pressed, now = performance.now();
    if (cell.dataset.state !== "rest") pressed.left = true;
    const next = document.activeElement.closest("td");
    if (!pressed.shown && cell.dataset.value && cell.dataset.state !== "rest" && next && next !== cell) {
      pressed.shown = true; done.value.push(now - at);
    }
    if (pressed.left && cell.dataset.state === "rest") { done.saved.push(now - at); pressed = null; }
  };
  new MutationObserver(look).observe(document.querySelector("[data-testid=journal-grid]"),
    { subtree: true, childList: true, attributes: true });
  document.addEventListener("focusin", look, true);
}
"""
INPUT_WATCH = """
() => { const done = window.bench = []; const input = document.getElementById("i"); let at = 0; input.focus();
  input.addEventListener("keydown", (event) => { at = event.timeStamp });
  input.addEventListener("input", () => done.push(performance.now() - at)) }
"""
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
# Usable: the whole grid is there.
USABLE = """
new MutationObserver((_changes, seen) => {
  const row = document.querySelector("[data-testid=journal-grid] tbody tr");
  if (row && row.cells.length > 80) { window.usable = performance.now(); seen.disconnect(); }
}).observe(document, { subtree: true, childList: true });
"""


class Place:
    """A served school with a course of 33 × 80, and a teacher's sessions."""

    def __init__(self, server: servers.Server, course: str, cookies: list[str]) -> None:
        self.server, self.course, self._cookies = server, course, cookies

    @property
    def address(self) -> str:
        return f"{self.server.url}/journal/{self.course}"

    def context(self, browser: Browser) -> BrowserContext:
        """A browser that has been nowhere, signed in."""
        name, _, value = self._cookies.pop().partition("=")
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
        context.add_cookies([{"name": name, "value": value, "url": self.server.url}])
        context.set_default_timeout(30_000)
        return context

    def opened(self, browser: Browser) -> Page:
        page = self.context(browser).new_page()
        page.goto(self.address)
        page.get_by_test_id("journal-grid").wait_for()
        until(page, "document.querySelectorAll('[data-testid=journal-grid] tbody tr').length >= 33")
        return page


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    path = folder / "ais.sqlite3"
    database = Database(f"sqlite:///{path}", SetClock(schools.NOW))
    migrations.upgrade(database, triggers.install)
    school = small_school(database)
    database.write(lambda uow: uow.execute(text("UPDATE school SET edit_window_days = 300")))
    course = large_course(school, STUDENTS, LESSONS)
    cookies = schools.signed_in(database, ["teacher"] * (2 * OPENS + 4))
    database.close()
    with servers.running(folder, f"sqlite:///{path}") as server:
        yield Place(server, course, cookies)


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; the page's policy forbids Playwright's own way, which evaluates a text there."""
    servers.wait_for(lambda: page.evaluate(f"() => Boolean({expression})"), expression)


def open_cell(page: Page, row: int, column: int) -> None:
    page.locator(f'td[data-r="{row}"][data-c="{column}"]').click()
    page.get_by_test_id("active-cell").wait_for()


def last_columns(page: Page) -> int:
    """How many columns there are; the last ones can be written."""
    return page.locator('td[data-r="0"]').count()


def keys(page: Page) -> tuple[list[float], list[float]]:
    """Seconds (key → value and focus, key → saved) of marks entered one after the other."""
    columns = last_columns(page)
    page.evaluate(WATCH)
    for number in range(KEYS):
        row, column = number % 30, columns - 1 - number // 30
        if row == 0:
            open_cell(page, 0, column)
        page.keyboard.press("5432"[number % 4])
        until(page, f"window.bench.saved.length > {number}")
    found = page.evaluate("window.bench")
    return [one / 1000 for one in found["value"]][3:], [one / 1000 for one in found["saved"]][3:]


def input_keys(browser: Browser) -> list[float]:
    page = browser.new_page()
    page.set_content(EMPTY_INPUT)
    page.evaluate(INPUT_WATCH)
    for number in range(KEYS):
        page.keyboard.press("5432"[number % 4])
    found = page.evaluate("window.bench")
    page.close()
    return [one / 1000 for one in found][3:]


def pasted(page: Page, sent: list[str]) -> tuple[list[float], int, int]:
    """Seconds of each pasted block of 30 × 10, the most events it took, and how many cells were written."""
    columns, found, events = last_columns(page), [], 0
    for round_ in range(5):
        open_cell(page, 0, columns - 12)
        block = "\n".join("\t".join("5432"[(row + column + round_) % 4] for column in range(10)) for row in range(30))
        sent.clear()
        found.append(page.evaluate(PASTE, block) / 1000)
        events = max(events, sum("journal_state.enter" in frame and "enter_course" not in frame for frame in sent))
    written = sum(
        page.locator(f'td[data-c="{column}"]:not([data-value=""])').count()
        for column in range(columns - 12, columns - 2)
    )
    return found, events, written


def inserted(folder: Path) -> list[float]:
    """300 bare insertions in one transaction."""
    connection, found = reference.bare_connection(folder / "block.sqlite3"), []
    for round_ in range(5):
        begun = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for place_ in range(300):
            connection.execute(reference.UPSERT, (place_, str(round_)))
        connection.execute("COMMIT")
        found.append(perf_counter() - begun)
    connection.close()
    return found


def visit(context: BrowserContext, address: str) -> tuple[float, float]:
    """(seconds from navigation to a usable grid, KB over the wire with frames) of one visit."""
    page, size = context.new_page(), [0.0]
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: size.__setitem__(0, size[0] + event["encodedDataLength"]))
    page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda data: size.__setitem__(0, size[0] + len(data)))
    )
    page.add_init_script(USABLE)
    page.goto(address)
    until(page, "window.usable")
    seconds = page.evaluate("window.usable") / 1000
    page.wait_for_load_state("networkidle")
    page.close()
    return seconds, size[0] / 1024


def opens(place_: Place, browser: Browser) -> tuple[list[float], list[float], list[float], list[float]]:
    """(seconds cold, KB cold, seconds later, KB later)."""
    columns: tuple[list[float], ...] = ([], [], [], [])
    for _open in range(OPENS):
        context = place_.context(browser)
        for offset in (0, 2):
            seconds, size = visit(context, place_.address)
            columns[offset].append(seconds)
            columns[offset + 1].append(size)
        context.close()
    return columns  # pyright: ignore[reportReturnType]


def least_page(place_: Place, browser: Browser) -> list[float]:
    """Navigation to the first paint of the login page of the same server: plain HTML with the same styles."""
    found = []
    for _open in range(OPENS):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{place_.server.url}/login")
        found.append(
            page.evaluate("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart") / 1000
        )
        context.close()
    return found


def size_figure(what: str, sizes: list[float], limit: float) -> Figure:
    value = median(sizes)
    return Figure("P-6", what, value, unit="KB", limit=f"≤ {limit:g} KB", met=value <= limit)


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="ais-bench-") as name, place(Path(name)) as here, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        sent: list[Any] = []
        page = here.opened(browser)
        values, saves = keys(page)
        page.context.close()
        page = here.context(browser).new_page()
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
        page.goto(here.address)
        until(page, "document.querySelectorAll('[data-testid=journal-grid] tbody tr').length >= 33")
        blocks, events, written = pasted(page, sent)
        page.context.close()
        plain = input_keys(browser)
        cold, cold_size, warm, warm_size = opens(here, browser)
        login = least_page(here, browser)
        browser.close()
        inserts = inserted(Path(name))
    grid = f"{STUDENTS} × {LESSONS}"
    return [
        timed(
            "P-1",
            f"key → value in the cell, focus in the next; {grid}",
            values,
            limit=(16, None),
            reference=("empty `<input>`", plain),
        ),
        timed(
            "P-2",
            f"key → «saved» in the browser (mean updated); {grid}",
            saves,
            limit=(40, 80),
            reference=("key → value", values),
        ),
        timed(
            "P-5",
            f"paste of 30 × 10 ({written} cells, {events} event)",
            blocks,
            limit=(300, None),
            reference=("300 bare inserts", inserts),
        ),
        Figure("P-5", "events of a pasted block", events, unit="", limit="1", met=events == 1 and written == 300),
        timed(
            "P-6",
            f"journal {grid}: first visit → grid usable",
            cold,
            limit=(1000, None),
            reference=("`/login`, plain HTML", login),
        ),
        timed("P-6", "the same, later visits", warm),
        size_figure("over the wire at the first visit, with fonts and frames", cold_size, 300),
        size_figure("the same, later visits", warm_size, 30),
    ]
