"""The wheel runs by itself: any folder, nothing on the PATH, no Node, both languages, no write beside its data."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from ais_app import __version__
from tests.browser.conftest import DESKTOP, Visit, browser_path
from tests.builders import PASSWORD, SmallSchool
from tests.servers import ROOT
from tools import notices

TODAY = date(2026, 11, 23)
WORDS = {"ru": "Войти", "en": "Sign in"}


def files_below(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder.parent))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_package_and_what_it_reads_beside(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert files_below(ROOT / "ais_app") - names == set()
    shipped = {name.removeprefix("ais_app/_shipped/") for name in names if name.startswith("ais_app/_shipped/")}
    assert files_below(ROOT / "alembic" / "versions") - {f"versions/{Path(one).name}" for one in shipped} == set()
    for web in (".web", ".web/en"):
        needed = {f"{web}/{name}" for name in ("build/client/index.html", "build/csp.json", "routes.json")}
        assert needed | {f"{web}/backend/stateful_pages.json"} <= shipped


@pytest.mark.parametrize("web", [".web", ".web/en"])
def test_every_package_and_font_that_the_wheel_carries_has_its_notice(wheel, web):
    """The bundler's list of what is in the bundle, against the text that is shipped."""
    shipped = zipfile.ZipFile(wheel).read(f"ais_app/_shipped/{web}/build/client/{notices.NOTICES}").decode()
    listed = json.loads((ROOT / web / "build" / notices.LISTED).read_text(encoding="utf-8"))
    assert {"react-dom", "react-router", "socket.io-client", "plotly.js-basic-dist-min"} <= {
        one["name"] for one in listed
    }
    assert {one["identifier"] for one in listed} <= notices.FITTING
    for one in listed:
        assert f"{one['name']} {one['version']} — {one['identifier']}" in shipped
        assert "\n".join(line.rstrip() for line in one["text"].splitlines()) in shipped
    assert {"Golos Text — OFL-1.1", "reflex 0.10.1 — Apache-2.0"} <= set(shipped.splitlines())
    assert "PT Sans" in shipped


def test_it_needs_only_what_the_lock_of_running_holds_and_no_node(installed):
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", lock)}
    assert set(installed.needed) <= locked
    assert [name for name in installed.needed if "node" in name] == []
    assert not list(installed.folder.parent.glob("libraries/*node*"))


def test_the_version_stands_in_one_place(wheel, installed, tmp_path):
    assert wheel.name == f"ais-{__version__}-py3-none-any.whl"
    assert installed.distribution.version == __version__
    assert installed.ais("--version", cwd=tmp_path).stdout.split()[-1] == __version__


def test_it_migrates_and_verifies_an_empty_folder(installed, tmp_path):
    done = installed.ais("migrate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "var" / "ais.sqlite3").exists()
    done = installed.ais("verify", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "The ledger is whole: 0 operations.\n")


@pytest.mark.parametrize(("language", "mark"), [("ru", "5"), ("en", "4")])
def test_it_serves_the_journal_of_a_language_and_writes_nothing_beside_its_data(installed, schooled, language, mark):
    folder, school = schooled
    before = trace(installed.packages)
    with installed.running(folder, AIS_LANGUAGE=language) as server:
        assert WORDS[language] in httpx.get(f"{server.url}/login").text
        entered_in_chromium(server.url, school, language, mark)
    assert trace(installed.packages) == before
    assert {path.name.partition("-")[0] for path in folder.iterdir()} == {"var", "server"}
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "error" not in log.lower()


def trace(folder: Path) -> dict[str, int]:
    """Each file and folder with the moment of its last change."""
    return {str(path.relative_to(folder)): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def entered_in_chromium(url: str, school: SmallSchool, language: str, mark: str) -> None:
    """A teacher follows a deep link through the login, enters a mark, sees it saved and, after a reload, kept."""
    course = f"{url}/journal/{school.courses['algebra']}"
    cell = f"cell-{school.people['anna'].uid}-{school.lesson('algebra', TODAY)}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        visit = Visit(browser.new_page(viewport=DESKTOP), url)
        page = visit.page
        page.goto(course)
        assert page.url.startswith(f"{url}/login?next=")
        page.get_by_test_id("login-name").fill("teacher")
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        page.wait_for_url(course)
        assert page.locator("html").get_attribute("lang") == language
        page.get_by_test_id(cell).click()
        page.keyboard.press(mark)
        expect(page.get_by_test_id(cell)).to_have_attribute("data-value", mark)
        expect(page.get_by_test_id(cell)).to_have_attribute("data-state", "rest")
        page.reload()
        expect(page.get_by_test_id(cell)).to_have_attribute("data-value", mark)
        assert any("journal_state.enter" in frame for frame in visit.sent)
        browser.close()
    assert visit.complaints == []
    assert visit.foreign == []
