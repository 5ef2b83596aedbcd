"""A real browser against the served build: Chromium of the system, each person in a context of his own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.exchange.code_delivery import CodeDelivery
from ais_app.exchange.oneroster import import_oneroster
from ais_app.ledger import triggers
from tests import servers
from tests.builders import PASSWORD, SmallSchool, small_school
from tests.conftest import MONDAY
from tests.unit.sets import SET12

# Each window of Chromium brings a page of its own for the list under the address bar: as much work as our page. Of several
# such switches the last one counts, so what Playwright turns off is repeated.
TURNED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "PaintHolding"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "ThirdPartyStoragePartitioning", "AimEnabled"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def browser_path() -> str:
    """Chromium from `AIS_TEST_BROWSER` or the usual places."""
    found = os.environ.get("AIS_TEST_BROWSER") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        raise FileNotFoundError("no Chromium: set AIS_TEST_BROWSER")
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        arguments.append(f"--disable-features={','.join(TURNED_OFF)}")
        opened = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        yield opened
        opened.close()


class Visit:
    """What happened on a page beside what it shows: errors, foreign requests, sizes of frames."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.sent: list[str] = []
        self.received: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)
        page.on("websocket", self._listen)

    def _note(self, request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.foreign.append(request.url)

    def _listen(self, socket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(str(frame)))
        socket.on("framereceived", lambda frame: self.received.append(str(frame)))


class School:
    """A served school and its visitors."""

    def __init__(self, server: servers.Server, browser: Browser, school, slips: Path | None = None) -> None:
        self.server, self.browser, self.school, self.slips = server, browser, school, slips
        self.visits: list[Visit] = []

    def visit(
        self,
        login: str,
        password: str = PASSWORD,
        size=None,
        *,
        at: str = "",
        personal: bool = False,
        zone: str | None = None,
    ) -> Visit:
        """Somebody signed in, in a window of his own: at this address, or still at none.

        (Past the form, which costs as much as a page: `visit_by_form` goes through it.)
        """
        visit = self._window(size, zone)
        form: dict[str, str | float | bool] = {"login": login, "password": password}
        form |= {"personal": "1"} if personal else {}
        address, origin = f"{self.server.url}/login", {"Origin": self.server.url}
        answer = visit.page.context.request.post(address, form=form, headers=origin, max_redirects=0)
        assert answer.status == 303, answer.status
        if at:
            visit.page.goto(self.server.url + at)
        return visit

    def visit_by_form(self, login: str, password: str = PASSWORD, size=None, *, personal: bool = False) -> Visit:
        """The same as a person does it; who is refused stays on the page of the form."""
        visit = self._window(size)
        visit.page.goto(f"{self.server.url}/login")
        visit.page.get_by_test_id("login-name").fill(login)
        visit.page.get_by_test_id("login-password").fill(password)
        if personal:
            visit.page.locator("input[name=personal]").check()
        with visit.page.expect_navigation():  # who goes on before the answer has no session yet
            visit.page.get_by_test_id("login-submit").click()
        return visit

    def _window(self, size=None, zone: str | None = None) -> Visit:
        context = self.browser.new_context(viewport=size or DESKTOP, locale="ru-RU", timezone_id=zone)
        context.set_default_timeout(10_000)
        visit = Visit(context.new_page(), self.server.url)
        self.visits.append(visit)
        return visit

    def code_of(self, login: str) -> str:
        """The one-time code that stands on the printed slip of a person of the imported school."""
        assert self.slips is not None
        printed = subprocess.run(["pdftotext", "-raw", self.slips, "-"], capture_output=True, text=True, check=True)
        lines = printed.stdout.splitlines()
        return lines[lines.index(login) + 2]

    def first_visit(self, login: str, password: str, size=None) -> Page:
        """Sign in with the slip, choose a password of one's own, and be there."""
        code = self.code_of(login)
        page = self.visit(login, code, size, at="/").page
        page.get_by_test_id("password-present").fill(code)
        page.get_by_test_id("password-new").fill(password)
        page.get_by_test_id("password-repeated").fill(password)
        page.get_by_test_id("password-submit").click()
        page.get_by_test_id("person-menu").wait_for()
        return page

    def course(self, visit: Visit, name: str = "algebra") -> Page:
        visit.page.goto(f"{self.server.url}/journal/{self.school.courses[name]}")
        visit.page.get_by_test_id("journal-grid").wait_for()
        return visit.page

    def cell(self, page: Page, login: str, day, course: str = "algebra"):
        return page.get_by_test_id(f"cell-{self.school.people[login].uid}-{self.school.lesson(course, day)}")


@pytest.fixture(scope="package")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """The school of all tests that do not mind one another."""
    yield from school_of_its_own(tmp_path_factory, browser)


def founded(folder: Path) -> tuple[str, SmallSchool]:
    """The small school in a database of its own, and where that is."""
    url = f"sqlite:///{folder / 'ais.sqlite3'}"
    database = Database(url, SetClock(MONDAY))
    migrations.upgrade(database, triggers.install)
    return url, small_school(database)


def school_of_its_own(tmp_path_factory, browser: Browser) -> Iterator[School]:
    """A freshly served school: a module that changes much makes its own `served` of it."""
    data = tmp_path_factory.mktemp("browser")
    url, school = founded(data)
    database = school.database
    delivery = CodeDelivery(data / "slips.pdf", None, "https://journal.example")
    import_oneroster(database, SET12, deliver_codes=delivery.write)
    with servers.running(data, url) as server:
        yield School(server, browser, school, data / "slips.pdf")
    database.close()


@pytest.fixture(autouse=True)
def _clean_pages(served: School) -> Iterator[None]:
    """No test leaves a console error, a request to another host, or an open page behind."""
    yield
    visits, served.visits = served.visits, []
    for visit in visits:
        visit.page.context.close()
    assert [complaint for visit in visits for complaint in visit.complaints if "404" not in complaint] == []
    assert [address for visit in visits for address in visit.foreign] == []
