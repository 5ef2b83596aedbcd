"""The server dies while a teacher types: nothing typed is lost, nothing is written twice."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect
from sqlalchemy import text

from ais_app.ledger import verifying
from tests import servers
from tests.browser.conftest import School, founded

TODAY = date(2026, 11, 23)


def test_marks_typed_while_the_server_is_dead_arrive_once(tmp_path, browser):
    url, school = founded(tmp_path)
    port = servers.free_port()
    with servers.running(tmp_path, url, port) as server:
        served = School(server, browser, school)
        page = served.course(served.visit("teacher"))
        anna, boris = served.cell(page, "anna", TODAY), served.cell(page, "boris", TODAY)
        server.kill()
        anna.click()
        page.keyboard.press("5")
        page.keyboard.press("4")
        expect(page.get_by_test_id("no-connection")).to_be_visible()
        expect(anna).to_have_attribute("data-state", "saving")
        with servers.running(tmp_path, url, port):
            for cell, value in ((anna, "5"), (boris, "4")):
                expect(cell).to_have_attribute("data-state", "rest", timeout=20_000)
                expect(cell).to_have_attribute("data-value", value)
            page.context.close()
    entered = "SELECT count(*) FROM operation WHERE kind = 'marks_entered'"
    assert school.database.read(
        lambda one: one.execute(text("SELECT code FROM mark ORDER BY code")).scalars().all()
    ) == [
        "4",
        "5",
    ]
    assert school.database.read(lambda one: one.execute(text(entered)).scalar_one()) == 2
    assert school.database.read(lambda one: list(verifying.verify(one))) == []
    school.database.close()
