"""«Обмен» through the event pipeline: whose sets are checked, written, taken back and exported."""

from __future__ import annotations

import asyncio
import zipfile

import pytest

from ais_app.exchange.files import SET
from ais_app.exchange.jobs import CHECK, SetAsked
from ais_app.exchange.oneroster import export_oneroster
from ais_app.exchange.state import ExchangeState
from ais_app.files.store import FileStore
from ais_app.jobs import asking
from ais_app.rights.rules import Role, operator
from tests.builders import small_school
from tests.databases import rows
from tests.running_jobs import jobs_to_their_end
from tests.stored_files import stored
from tests.unit.sets import SET12

PATH = "/exchange"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder of its own, for this process and for the children."""
    from ais_app import settings as settings_module

    monkeypatch.setenv("AIS_DATA_DIR", str(tmp_path))
    settings_module.settings.cache_clear()
    yield tmp_path
    settings_module.settings.cache_clear()


def packed(folder, path):
    target = path / "packed.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for one in sorted(folder.glob("*.csv")):
            archive.write(one, one.name)
    return target


def sent(pipeline, data, path, actor) -> str:
    """A set that was sent; returns the uid of its check."""
    store = FileStore(data / "files")
    file = stored(pipeline.school.database, store, actor, path.read_bytes(), SET, path.name)
    asked = SetAsked(file=file, name="школа.zip")
    return pipeline.school.database.write(lambda uow: asking.ask_as(uow, actor, CHECK, asked).uid)


async def page(pipeline, handler=ExchangeState.open_page, login="school_admin", **raw):
    delta = await pipeline.call(handler, login, PATH, **({"raw": raw} if raw else {}))
    return delta["exchange_state"]


async def worked(pipeline, data):
    await asyncio.to_thread(jobs_to_their_end, pipeline.school.database, data)


@pytest.fixture
def own_set(pipeline, data):
    """An export of the school itself: a set that its administrator may import."""
    path = data / "own.zip"
    export_oneroster(pipeline.school.database, path, pipeline.school.ref.uid)
    return path


@pytest.fixture
def administrator(pipeline):
    return pipeline.school.actor("school_admin", Role.SCHOOL_ADMIN)


async def test_a_set_is_checked_written_and_taken_back(pipeline, data, own_set, administrator):
    database = pipeline.school.database
    rows_before = rows(database, "SELECT family_name FROM person ORDER BY id")
    database.write(lambda uow: uow.connection.exec_driver_sql("UPDATE person SET family_name = 'Другова' WHERE id = 1"))
    job = sent(pipeline, data, own_set, administrator)
    assert (await page(pipeline))["check"].shown.stage == "waiting"
    await worked(pipeline, data)
    checked = await page(pipeline)
    assert (checked["check"].state, checked["problems"], checked["may_write"]) == ("done", 0, True)
    await page(pipeline, ExchangeState.write, job=job)
    await worked(pipeline, data)
    written = await page(pipeline)
    assert (written["written"].state, written["may_write"], written["written"].may_go) == ("done", False, True)
    assert rows(database, "SELECT family_name FROM person ORDER BY id") == rows_before
    run = written["written"].uid
    await page(pipeline, ExchangeState.take_back, run=run)
    await worked(pipeline, data)
    gone = await page(pipeline)
    assert (gone["taken"].state, gone["written"].may_go, gone["written"].file) == ("done", False, "")
    assert rows(database, "SELECT family_name FROM person WHERE id = 1") == [("Другова",)]


async def test_a_set_of_another_school_is_refused_with_a_sentence(pipeline, data, tmp_path, administrator):
    sent(pipeline, data, packed(SET12, tmp_path), administrator)
    await worked(pipeline, data)
    seen = await page(pipeline)
    assert (seen["check"].state, seen["may_write"]) == ("failed", False)
    assert "школ" in seen["check"].shown.text.lower() or "school" in seen["check"].shown.text.lower()


async def test_what_the_installation_imports_is_seen_and_touched_by_no_school(pipeline, data, tmp_path):
    job = sent(pipeline, data, packed(SET12, tmp_path), operator())
    await worked(pipeline, data)
    seen = await page(pipeline)
    assert seen["check"].state == ""
    for handler, name in (
        (ExchangeState.write, "job"),
        (ExchangeState.stop, "job"),
        (ExchangeState.take_back, "run"),
        (ExchangeState.go_on, "run"),
    ):
        delta = await pipeline.call(handler, "school_admin", PATH, raw={name: job})
        assert delta["notice_state"]["notice"]
    delta = await pipeline.call(ExchangeState.check_again, "school_admin", PATH, raw={"job": job, "ending": True})
    assert delta["notice_state"]["notice"]
    jobs = rows(pipeline.school.database, "SELECT kind FROM job")
    assert jobs == [("set_check",)]


async def test_a_set_is_checked_again_for_another_year(pipeline, data, own_set, administrator):
    job = sent(pipeline, data, own_set, administrator)
    await worked(pipeline, data)
    await page(pipeline, ExchangeState.check_again, job=job, year="2027/28", ending=True)
    seen = await page(pipeline)
    assert (seen["year"], seen["check"].shown.stage) == ("2027/28", "waiting")
    assert [one.value for one in seen["years"]] == ["", "2025/26", "2026/27", "2027/28"]


async def test_only_the_own_school_is_exported(pipeline, data):
    other = small_school(pipeline.school.database, "other-")
    seen = await page(pipeline)
    assert [one.uid for one in seen["schools"]] == [pipeline.school.ref.uid]
    delta = await pipeline.call(ExchangeState.export, "school_admin", PATH, raw={"school": other.ref.uid})
    assert delta["notice_state"]["notice"]
    await page(pipeline, ExchangeState.export, school=pipeline.school.ref.uid)
    await worked(pipeline, data)
    assert (await page(pipeline))["exported"].file.startswith("/files/")


@pytest.mark.parametrize("login", ["teacher", "deputy", "director", "secretary", "mother"])
async def test_nobody_else_has_the_page(pipeline, login):
    delta = await pipeline.call(ExchangeState.open_page, login, PATH)
    assert "exchange_state" not in delta or delta["exchange_state"].get("status") != "ready"
