"""Pictures of every page and state of the demonstration school, for docs/look.md.

`.venv/bin/python tools/pictures.py [name …]`. The server runs with a clock set to a fixed Monday, so that the pictures
change only when the product does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import browser_path  # noqa: E402 - the checkout is not installed
from tests.servers import MOMENT, Server, running  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESKTOP, NARROW, PHONE = (1440, 900), (1000, 800), (390, 844)
COURSE = "course"
OWN_DEVICE = "own device: "
Step = Callable[[Page], object]


def nothing(_page: Page) -> None:
    return


def press(*keys: str) -> Step:
    """Keys one after the other, with the grid's cell of today in the third row active."""

    def steps(page: Page) -> None:
        page.locator("td.today").nth(2).click()
        for key in keys:
            page.keyboard.press(key)

    return steps


def click(*test_ids: str) -> Step:
    def steps(page: Page) -> None:
        for one in test_ids:
            page.get_by_test_id(one).first.click()

    return steps


def look(field: str, value: str) -> Step:
    """As the menu does it: a post, kept for the account."""

    def steps(page: Page) -> None:
        page.get_by_test_id("view-menu").click()
        page.get_by_test_id(f"look-{field}-{value}").click()
        page.wait_for_load_state("networkidle")

    return steps


def checked(page: Page) -> None:
    page.get_by_test_id("check").click()
    page.get_by_test_id("verdict").get_by_role("paragraph").wait_for()


def offline(page: Page) -> None:
    """Three marks typed while nothing reaches the server."""
    page.context.set_offline(True)
    press("5", "4", "3")(page)


def conflict(page: Page) -> None:
    """A second tab writes the cell first, and this one does not hear of it."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_test_id("journal-grid").wait_for()

    def hold(route) -> None:
        server = route.connect_to_server()
        route.on_message(server.send)
        server.on_message(lambda message: None if '"by"' in str(message) else route.send(message))

    page.route_web_socket("**/_event/**", hold)
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    page.wait_for_load_state("networkidle")
    press("5")(other)
    other.get_by_test_id("save-status").get_by_text("Сохранено").wait_for()
    press("2")(page)
    page.locator("td.s-conflict").click()
    page.get_by_test_id("take-mine").wait_for()


def silence(page: Page) -> None:
    """The page comes, its socket gets no answer."""
    page.route_web_socket("**/_event/**", lambda route: None)
    page.reload()


def kept_copy(page: Page) -> None:
    """The diary without a connection, once its copy is on the device."""
    page.wait_for_function("() => caches.open('diary-copy').then(one => one.keys()).then(keys => keys.length >= 4)")
    page.context.set_offline(True)
    page.reload()


# name, login, address, size, what is done before the picture
SHOTS: tuple[tuple[str, str, str, tuple[int, int], Step], ...] = (
    ("login", "", "/login", DESKTOP, nothing),
    ("login-phone", "", "/login", PHONE, nothing),
    ("not-found", "teacher", "/nowhere", DESKTOP, nothing),
    ("home-teacher", "teacher", "/", DESKTOP, nothing),
    ("home-teacher-phone", "teacher", "/", PHONE, nothing),
    ("home-class-teacher", "class_teacher", "/", DESKTOP, nothing),
    ("home-deputy", "deputy", "/", DESKTOP, nothing),
    ("home-deputy-phone", "deputy", "/", PHONE, nothing),
    ("home-administrator", "admin", "/", DESKTOP, nothing),
    ("home-administrator-phone", "admin", "/", PHONE, nothing),
    ("home-class-teacher-phone", "class_teacher", "/", PHONE, nothing),
    ("home-director", "director", "/", DESKTOP, nothing),
    ("home-secretary", "secretary", "/", DESKTOP, nothing),
    ("home-inspector", "inspector", "/", DESKTOP, nothing),
    ("excuse", "class_teacher", "/", DESKTOP, lambda page: page.locator('[data-testid^="excuse-"]').first.click()),
    ("password", "teacher", "/password", DESKTOP, nothing),
    ("password-phone", "teacher", "/password", PHONE, nothing),
    ("integrity-phone", "admin", "/integrity", PHONE, checked),
    ("integrity", "admin", "/integrity", DESKTOP, checked),
    ("journals", "teacher", "/journal", DESKTOP, nothing),
    ("journals-phone", "teacher", "/journal", PHONE, nothing),
    ("journal", "teacher", COURSE, DESKTOP, nothing),
    ("journal-history", "teacher", COURSE, DESKTOP, press("5", "ArrowUp", "3", "ArrowUp")),
    ("journal-keys", "teacher", COURSE, DESKTOP, press("?")),
    ("journal-comment", "teacher", COURSE, DESKTOP, press("4", "ArrowUp", "F2")),
    ("journal-find", "teacher", COURSE, DESKTOP, press("F3")),
    ("journal-wrong", "teacher", COURSE, DESKTOP, press("9")),
    ("journal-offline", "teacher", COURSE, DESKTOP, offline),
    ("journal-conflict", "teacher", COURSE, DESKTOP, conflict),
    ("journal-loading", "teacher", COURSE, DESKTOP, silence),
    ("journal-lesson", "teacher", COURSE, DESKTOP, click("edit-lesson")),
    ("journal-settings", "teacher", COURSE, DESKTOP, click("grid-settings")),
    ("journal-drawer", "teacher", COURSE, NARROW, press("F4")),
    ("journal-phone", "teacher", COURSE, PHONE, nothing),
    ("journal-phone-mark", "teacher", COURSE, PHONE, lambda page: page.locator(".lmarks button").first.click()),
    ("journal-topics", "teacher", COURSE, DESKTOP, click("view-topics")),
    ("journal-topics-phone", "teacher", COURSE, PHONE, click("phone-choices")),
    ("journal-missing", "teacher", "/journal/aaaaaaaaaaaaaaaa", DESKTOP, nothing),
    ("journal-inspector", "inspector", COURSE, DESKTOP, nothing),
    ("journal-wide", "teacher", COURSE, DESKTOP, look("spacing", "wide")),
    ("journal-read-only", "class_teacher", COURSE, DESKTOP, nothing),
    ("journal-dark", "teacher", COURSE, DESKTOP, look("theme", "dark")),
    ("journal-contrast", "teacher", COURSE, DESKTOP, look("theme", "contrast")),
    ("journal-contrast-dark", "teacher", COURSE, DESKTOP, look("theme", "contrast-dark")),
    ("journal-large", "teacher", COURSE, DESKTOP, look("vision", "large")),
    ("diary", "guardian", "/diary", DESKTOP, click("week-before")),
    ("diary-day", "guardian", "/diary", DESKTOP, click("diary-view-day")),
    ("diary-homework", "guardian", "/diary", DESKTOP, click("week-before", "diary-view-tasks")),
    ("diary-phone", "guardian", "/diary", PHONE, click("week-before")),
    ("diary-dark", "guardian", "/diary", DESKTOP, look("theme", "dark")),
    ("diary-contrast-phone", "guardian", "/diary", PHONE, look("theme", "contrast")),
    ("diary-loading", "guardian", "/diary", DESKTOP, silence),
    ("diary-student-phone", "student", "/diary", PHONE, nothing),
    ("diary-copy", OWN_DEVICE + "guardian", "/diary", PHONE, kept_copy),
    ("diary-class-phone", "class_teacher", "/diary", PHONE, nothing),
    ("diary-class", "class_teacher", "/diary", DESKTOP, nothing),
    ("progress", "guardian", "/progress", DESKTOP, nothing),
    ("progress-phone", "guardian", "/progress", PHONE, nothing),
    ("progress-year", "guardian", "/progress", DESKTOP, click("period-year")),
    ("progress-contrast", "guardian", "/progress", DESKTOP, look("theme", "contrast")),
    ("progress-dark", "guardian", "/progress", DESKTOP, look("theme", "dark")),
)


def main(names: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        url = f"sqlite:///{data / 'ais.sqlite3'}"
        settings = {"AIS_ENV": "test", "AIS_CLOCK": MOMENT, "AIS_DATABASE_URL": url, "AIS_DATA_DIR": folder}
        command = [sys.executable, "-m", "ais_app.cli", "demo"]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | settings)
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        with running(data, url) as server:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
            for shot in SHOTS:
                if not names or shot[0] in names:
                    take(browser, server, *shot)
            browser.close()


def take(
    browser: Browser, server: Server, name: str, login: str, address: str, size: tuple[int, int], step: Step
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(
        viewport=viewport, locale="ru-RU", timezone_id="Europe/Moscow", reduced_motion="reduce"
    )
    page = context.new_page()
    if login:
        page.goto(f"{server.url}/login")
        person = login.removeprefix(OWN_DEVICE)
        page.get_by_test_id("login-name").fill(person)
        page.get_by_test_id("login-password").fill(f"demo-{person}")
        if person != login:
            page.locator("input[name=personal]").check()
        with page.expect_navigation():
            page.get_by_test_id("login-submit").click()
    if address == COURSE:
        page.goto(f"{server.url}/journal")
        page.get_by_test_id("courses").get_by_text("7А, Алгебра").first.click()
        page.locator('[data-testid="journal-grid"], [data-testid="phone-marks"]').first.wait_for()
    else:
        page.goto(server.url + address)
    page.wait_for_load_state("networkidle")
    if address == "/progress":
        page.locator(".js-plotly-plot").first.wait_for()
    step(page)
    page.wait_for_timeout(900)
    page.screenshot(path=PICTURES / f"{name}.png")
    if "look." in step.__qualname__:
        look("theme", "usual")(page)
        look("vision", "usual")(page)
        look("spacing", "usual")(page)
    context.close()
    print(name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
