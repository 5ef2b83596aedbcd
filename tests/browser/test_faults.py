"""What breaks under a teacher's open journal: his marks wait in it, he is told, and they arrive once by themselves."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import date, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from ais_app.access.models import LoginSession
from ais_app.db.columns import table
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.rights.rules import Role
from tests import servers
from tests.browser.conftest import School, school_of_its_own
from tests.browser.grid import saved
from tests.builders import PASSWORD
from tests.wire.client import Tab

TODAY, FRIDAY, THURSDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 20, 19, 18))
SOON = 20_000


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.fixture(autouse=True)
def _nothing_lost_or_doubled(served: School) -> Iterator[None]:
    yield
    assert served.school.database.read(lambda one: list(verifying.verify(one))) == []


def entries(served: School, student: str, day: date) -> list[tuple[str, int]]:
    """What the ledger says about a cell: [(value, version)] in order."""
    steps = served.school.database.read(
        lambda one: ledger.history(
            one,
            f"school:{served.school.ref.uid}",
            "cell",
            f"{served.school.people[student].uid}:{served.school.work('algebra', day)}",
            50,
        )
    )
    return [(step.after["value"], step.after["version"]) for step in reversed(steps)]


def forgive(served: School, *expected: str) -> None:
    """Cut lines and ended sessions leave failed requests in the console; anything else stays a complaint."""
    for visit in served.visits:
        visit.complaints[:] = [one for one in visit.complaints if not any(part in one for part in expected)]


def token_of(page: Page) -> str:
    return page.evaluate("sessionStorage.getItem('token')")


def sign_in_again(page: Page) -> None:
    page.get_by_test_id("login-name").fill("teacher")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def a_day_passes(served: School, page: Page) -> None:
    """Nobody has used any session for a day, and the server has forgotten the one of this page."""
    session = table(LoginSession)
    earlier = served.school.database.clock.now() - timedelta(days=1)
    served.school.database.write(lambda uow: uow.execute(session.update().values(last_seen_at=earlier)))
    with client_of(page) as client:
        servers.wait_for(lambda: client.get(page.url).status_code == 303, "the session is over")


def client_of(page: Page) -> httpx.Client:
    """The same browser without its scripts."""
    return httpx.Client(cookies={one["name"]: one["value"] for one in page.context.cookies()})


def pressed_at_once(page: Page, *keys: str) -> None:
    """Keys that are all pressed before anything is answered."""
    page.evaluate(
        """keys => keys.forEach(key => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key, code: `Digit${key}`, bubbles: true, cancelable: true})))""",
        list(keys),
    )


def test_a_tab_left_open_for_a_day_keeps_its_marks_through_the_login(served: School):
    """The session is over, the state forgotten; the socket has stayed open all the time."""
    visit = served.visit("teacher")
    page = served.course(visit)
    address = page.url
    a_day_passes(served, page)
    served.cell(page, "anna", TODAY).click()
    pressed_at_once(page, "5", "4")  # on a busy machine the login page could come between two keys
    expect(page.get_by_test_id("login-form")).to_be_visible(timeout=SOON)
    assert entries(served, "anna", TODAY) == []
    sign_in_again(page)
    expect(page).to_have_url(address, timeout=SOON)
    saved(served.cell(page, "anna", TODAY), "5")
    saved(served.cell(page, "boris", TODAY), "4")
    assert entries(served, "anna", TODAY) == [("5", 1)]
    assert entries(served, "boris", TODAY) == [("4", 1)]
    forgive(served, "WebSocket")  # refused while the session was over


def test_a_renewed_token_loses_and_doubles_nothing(served: School):
    """Reflex takes a quick reconnect for a copied tab and gives it another token, with an empty state (#6345)."""
    visit, colleague = served.visit("teacher"), served.visit("teacher")
    page, other = served.course(visit), served.course(colleague)
    old = token_of(page)
    page.context.set_offline(True)
    served.cell(page, "anna", THURSDAY).click()
    page.keyboard.press("5")
    page.keyboard.press("4")
    expect(served.cell(page, "anna", THURSDAY)).to_have_attribute("data-state", "saving")
    still_there = Tab(served.server.url, client_of(page), token=old)
    page.context.set_offline(False)
    saved(served.cell(page, "anna", THURSDAY), "5")
    saved(served.cell(page, "boris", THURSDAY), "4")
    assert token_of(page) != old
    assert entries(served, "anna", THURSDAY) == [("5", 1)]
    assert entries(served, "boris", THURSDAY) == [("4", 1)]
    saved(served.cell(other, "anna", THURSDAY), "5")
    served.cell(other, "vera", THURSDAY).click()
    other.keyboard.press("3")
    saved(served.cell(page, "vera", THURSDAY), "3")
    still_there.close()
    forgive(served, "ERR_INTERNET_DISCONNECTED", "WebSocket")


def test_a_full_disk_is_said_and_the_mark_waits_until_there_is_room(served: School):
    page = served.course(served.visit("teacher"))
    limit(served.server, 4096)
    cell = served.cell(page, "vera", FRIDAY)
    cell.click()
    page.keyboard.press("4")
    expect(page.get_by_test_id("notice")).to_contain_text("Код ошибки")
    expect(cell).to_have_attribute("data-state", "saving")
    expect(page.get_by_test_id("save-status")).to_contain_text("1 запись ждёт", timeout=SOON)
    assert entries(served, "vera", FRIDAY) == []
    limit(served.server, resource.RLIM_INFINITY)
    expect(cell).to_have_attribute("data-state", "rest", timeout=SOON)
    assert entries(served, "vera", FRIDAY) == [("4", 1)]


def limit(server: servers.Server, size: int) -> None:
    """No file of the server may be written beyond `size`: to it, the disk is full."""
    for pid in server.workers:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_period_closed_between_load_and_save_is_said_in_the_cell(served: School):
    """Closed by another program, so that no page hears of it: the first to say so is the refusal. Stands last here."""
    page = served.course(served.visit("teacher"))
    deputy, period = served.school.actor("deputy", Role.DEPUTY), served.school.periods[1]
    served.school.database.write(lambda uow: close_period(uow, deputy, period))
    cell = served.cell(page, "vera", WEDNESDAY)
    cell.click()
    page.keyboard.press("5")
    expect(cell).to_have_attribute("data-state", "refused")
    expect(page.get_by_test_id("grid-status")).to_contain_text("закрыт")
    assert entries(served, "vera", WEDNESDAY) == []
