"""Takes the pictures of `shots.py`, or only those that are named.

The clocks of browser and server start on a fixed Monday, so that a picture changes when the product does, and in a
minute here and there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.conftest import browser_path
from tests.servers import MOMENT
from tools.pictures.schools import SCHOOLS, School
from tools.pictures.shots import COURSE, SHOTS, Shot
from tools.pictures.small import shrink
from tools.pictures.steps import sign_in

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
OPEN_JOURNAL = '[data-testid="journal-grid"], [data-testid="phone-marks"], [data-testid="no-lessons"]'
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main(names: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    if unknown := set(names) - {shot.name for shot in shots}:
        raise SystemExit(f"no such picture: {', '.join(sorted(unknown))}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        missed = []
        for name in SCHOOLS:
            of_the_school = [shot for shot in shots if shot.school == name]
            if of_the_school:
                with tempfile.TemporaryDirectory() as folder, SCHOOLS[name](Path(folder)) as school:
                    for shot in of_the_school:
                        try:
                            take(browser, school, shot)
                        except Error as error:  # the other pictures are worth having; the end says which are missing
                            missed.append(shot.name)
                            print(f"{shot.name}: {error.message}", file=sys.stderr)
        browser.close()
    if missed:
        raise SystemExit(f"not taken: {', '.join(missed)}")


def take(browser: Browser, school: School, shot: Shot) -> None:
    """One picture, in a context of its own. What the shot broke or chose is put right again."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    context.clock.install(time=MOMENT)  # it runs on: charts that are drawn anew move by it
    page = context.new_page()
    if shot.login:
        sign_in(page, school.server.url, shot.login, shot.password, own_device=shot.own_device)
    with school.without(shot.lost_table):
        open_page(page, school.server.url, shot)
        shot.step(page)
        page.mouse.move(0, 0)
        page.wait_for_timeout(shot.wait)
        (PICTURES / f"{shot.name}.png").write_bytes(shrink(page.screenshot()))
    shot.after(page)
    cookies = {one.get("name", ""): one.get("value", "") for one in context.cookies()}
    context.close()
    if shot.login:  # only now: a page that is told that its session is over would still be going to the login page
        url = school.server.url
        httpx.post(f"{url}/logout", headers={"origin": url}, cookies=cookies)
    print(shot.name, flush=True)


def open_page(page: Page, url: str, shot: Shot) -> None:
    if shot.address == COURSE:
        page.goto(f"{url}/journal")
        page.get_by_test_id("courses").get_by_text(shot.course).first.click()
    else:
        page.goto(url + shot.address)
    page.wait_for_load_state("networkidle")
    ready = shot.ready or (OPEN_JOURNAL if shot.address == COURSE else "")
    if ready:
        page.locator(ready).first.wait_for()


if __name__ == "__main__":
    main(sys.argv[1:])
