"""P-7 in Chromium: a family's diary week on a phone, and its reload on a desk, in turns with a blank Reflex page.

The phone: four times slower processor, 1.6 Mbit/s with 150 ms there and back, 390 × 844. The reference of the reload is
the least page that Reflex serves.
"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, CDPSession, Page, ViewportSize

from tests.bench import blank_page, growth, schools
from tests.bench.browser import QUIET_MS, Visitor, chromium, until
from tests.bench.figures import Figure, at_most, median, timed

OPENS, RELOADS, SLOWER = 5, 7, 4
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}  # bytes/s
PHONE = ViewportSize(width=390, height=844)
# The moment of the largest paint, the sum of shifts without a cause, and the longest answer to a touch.
WATCH = """
window.vitals = { paint: 0, shift: 0, answer: 0 };
const seen = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({ type, buffered: true, ...more });
seen("largest-contentful-paint", (one) => { window.vitals.paint = one.startTime; });
seen("layout-shift", (one) => { if (!one.hadRecentInput) window.vitals.shift += one.value; });
seen("event", (one) => { if (one.interactionId) window.vitals.answer = Math.max(window.vitals.answer, one.duration); },
  { durationThreshold: 16 });
"""


def slowed(context: BrowserContext, page: Page) -> CDPSession:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def on_a_phone(family: Visitor) -> tuple[float, float, float]:
    """(largest paint in seconds, shift, longest answer in seconds) of a first visit: the next days are touched."""
    context = family.context()
    page = context.new_page()
    page.set_viewport_size(PHONE)
    slowed(context, page)
    page.add_init_script(WATCH)
    page.goto(family.url + growth.DIARY.path)
    until(page, growth.DIARY.ready)
    page.wait_for_timeout(QUIET_MS)
    days = page.locator("[data-testid^=tab-]")
    for number in range(min(4, days.count())):
        days.nth(number).click()
        page.wait_for_timeout(QUIET_MS)
    found = page.evaluate("window.vitals")
    context.close()
    return found["paint"] / 1000, found["shift"], found["answer"] / 1000


def run() -> list[Figure]:
    with schools.copied(schools.large()) as copy, copy.served() as server, chromium() as browser:
        family = Visitor(browser, server.url, schools.signed_in(copy.database, ["student"] * (OPENS + 3)))
        phones = [on_a_phone(family) for _open in range(OPENS)]
        with blank_page.served() as url:
            stranger = Visitor(browser, url)
            reloads, blanks = [], []
            for _turn in range(3):
                reloads += family.reloads(growth.DIARY, RELOADS)
                blanks += stranger.reloads(blank_page.PAGE, RELOADS)
    paints, shifts, answers = zip(*phones, strict=True)
    return [
        timed("diary week on a phone: largest paint at the first visit (LCP)", paints, limit=(2500, None)),
        timed("diary week on a phone: longest answer to a touch (INP)", answers, limit=(200, None)),
        at_most(0.1, "diary week on a phone: what moved by itself (CLS)", median(shifts), "of the page"),
        timed(
            "diary week on a desk: reload → usable", reloads, limit=(100, None), reference=("blank Reflex page", blanks)
        ),
    ]
