"""In Chromium: who visits, how long a page takes until it is usable, and what comes over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import servers
from tests.browser.conftest import browser_path

OTHER_MACHINE = "school.test"  # this one under a name that no browser trusts: without https it takes gzip, not Brotli
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--lang=ru"),
    f"--host-resolver-rules=MAP {OTHER_MACHINE} 127.0.0.1",
]
QUIET_MS = 750
# Notes the moment when an expression is true for the first time.
USABLE = """
new MutationObserver((_changes, seen) => {{
  if ({ready}) {{ window.usable = performance.now(); seen.disconnect(); }}
}}).observe(document, {{ subtree: true, childList: true, characterData: true }});
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; the page's policy forbids Playwright's own way, which evaluates a text there."""
    servers.wait_for(lambda: page.evaluate(f"() => Boolean({expression})"), expression)


@dataclass(frozen=True)
class Address:
    """A page, and the expression that is true once it is usable."""

    path: str
    ready: str


@dataclass(frozen=True)
class Opening:
    """One visit: seconds from navigation to usable, KB that came over the wire with the frames of the websocket."""

    seconds: float
    size: float


class Visitor:
    """Somebody with a browser; each context is one that has been nowhere, with a session of its own."""

    def __init__(self, browser: Browser, url: str, cookies: list[str] | None = None) -> None:
        self._browser, self.url, self._cookies = browser, url, cookies

    def by_name(self) -> Visitor:
        """The same visitor, who comes to a machine that is not his own."""
        return Visitor(self._browser, self.url.replace("127.0.0.1", OTHER_MACHINE), self._cookies)

    def context(self) -> BrowserContext:
        context = self._browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
        context.set_default_timeout(30_000)
        if self._cookies is not None:
            name, _, value = self._cookies.pop().partition("=")
            context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return context

    def opened(self, address: Address, sent: list[str] | None = None) -> Page:
        """The usable page; frames that it sends go into `sent`."""
        page = self.context().new_page()
        if sent is not None:
            page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
        page.goto(self.url + address.path)
        until(page, address.ready)
        return page

    def first_and_later(self, address: Address) -> tuple[Opening, Opening]:
        """The first visit of a browser and the next one, when it has kept what it may keep."""
        context = self.context()
        found = self._visit(context, address), self._visit(context, address)
        context.close()
        return found

    def reloads(self, address: Address, times: int) -> list[float]:
        """Seconds of each reload of a page that was opened before, until it is usable."""
        page = self.context().new_page()
        page.add_init_script(USABLE.format(ready=address.ready))
        page.goto(self.url + address.path)
        found: list[float] = []
        for _reload in range(times + 1):
            until(page, "window.usable")
            found.append(page.evaluate("window.usable") / 1000)
            page.wait_for_timeout(QUIET_MS)
            page.reload()
        page.context.close()
        return found[1:]

    def _visit(self, context: BrowserContext, address: Address) -> Opening:
        page = context.new_page()
        sizes: list[float] = []
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sizes.append(bytes_of(frame))))
        page.add_init_script(USABLE.format(ready=address.ready))
        page.goto(self.url + address.path)
        until(page, "window.usable")
        seconds = page.evaluate("window.usable") / 1000
        _wait_until_quiet(page, sizes)
        page.close()
        return Opening(seconds, sum(sizes) / 1024)


def _wait_until_quiet(page: Page, sizes: list[float]) -> None:
    """Let everything come that the page still asks for once it is usable: frames too, which Playwright does not count."""
    seen = -1
    while len(sizes) > seen:
        seen = len(sizes)
        page.wait_for_timeout(QUIET_MS)


def bytes_of(frame: str | bytes) -> int:
    return len(frame.encode() if isinstance(frame, str) else frame)
