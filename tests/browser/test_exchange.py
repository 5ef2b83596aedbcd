"""«Обмен» in a browser: a set is sent, checked, written, its slips fetched, and taken back, at both sizes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.rights.rules import Role, operator
from tests.bench.rosters import generate_oneroster
from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.test_appearance import serious
from tests.builders import PASSWORD, YEAR_FROM

LONG = 60_000  # milliseconds of a job


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.fixture(scope="module")
def administrator(served: School) -> str:
    """The login of an administrator of the installation."""
    new = access.NewAccount("system", password_hash=passwords.hash_password(PASSWORD, cost=4))
    role = access.NewRole(Role.SYSTEM_ADMIN, None, None, YEAR_FROM)
    served.school.database.write(lambda uow: access.open_account(uow, operator(), new, [role]))
    return "system"


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    """A set of another school."""
    folder = tmp_path_factory.mktemp("set")
    target = folder / "набор.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in generate_oneroster(folder / "csv", 25).glob("*.csv"):
            archive.write(path, path.name)
    return target


def done(page: Page, name: str) -> None:
    expect(page.get_by_test_id(name)).to_have_attribute("data-stage", "done", timeout=LONG)


def is_well(page: Page) -> None:
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_set_is_sent_checked_written_and_taken_back(served: School, administrator, packed, size):
    page = served.visit(administrator, size=size, at="/exchange").page
    page.emulate_media(reduced_motion="reduce")
    page.get_by_test_id("set-file").set_input_files(packed)
    expect(page.get_by_test_id("write-set")).to_be_visible(timeout=LONG)
    done(page, "check-progress")
    expect(page.get_by_test_id("check")).to_contain_text("набор.zip")
    expect(page.get_by_test_id("counts")).to_contain_text("25")
    is_well(page)
    page.get_by_test_id("write-set").click()
    expect(page.get_by_test_id("slips")).to_be_visible(timeout=LONG)
    done(page, "import-progress")
    with page.expect_download() as download:
        page.get_by_test_id("slips").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_test_id("open-take-back").click()
    expect(page.get_by_test_id("take-set-back-yes")).to_be_visible()
    is_well(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("take-set-back-yes")).to_be_hidden()
    page.get_by_test_id("open-take-back").click()
    page.get_by_test_id("take-set-back-yes").click()
    done(page, "taken-progress")
    expect(page.get_by_test_id("open-take-back")).to_have_count(0)
    expect(page.get_by_test_id("slips")).to_have_count(0)
    is_well(page)


def test_what_is_no_zip_is_refused_before_it_is_sent(served: School, tmp_path):
    path = tmp_path / "set.csv"
    path.write_text("sourcedId\n", encoding="utf-8")
    page = served.visit("school_admin", at="/exchange").page
    page.get_by_test_id("set-file").set_input_files(path)
    expect(page.get_by_test_id("set-wrong")).to_contain_text("ZIP")
    expect(page.get_by_test_id("set")).not_to_contain_text("Choose")


def test_a_school_is_exported_and_fetched(served: School):
    page = served.visit("school_admin", at="/exchange").page
    page.get_by_test_id("export").click()
    done(page, "export-progress")
    with page.expect_download() as download:
        page.get_by_test_id("zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "users.csv" in archive.namelist()


def test_others_have_no_page(served: School):
    answer = served.visit("teacher").page.goto(f"{served.server.url}/exchange")
    assert answer is not None
    assert answer.status == 404
