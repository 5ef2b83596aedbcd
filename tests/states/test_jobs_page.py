"""«Работы»: who sees which jobs, and what he can do with them."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from ais_app.control.jobs import VERIFICATION, VerificationAsked
from ais_app.control.state import IntegrityState
from ais_app.db.columns import table
from ais_app.job_list.state import JobsState
from ais_app.jobs import asking
from ais_app.jobs.models import Job
from ais_app.jobs.rules import State
from ais_app.rights.rules import Role, operator
from tests.running_jobs import jobs_to_their_end


@pytest.fixture
def of_school(pipeline) -> str:
    """The uid of a check that the director asked for."""
    school = pipeline.school
    director = school.actor("director", Role.DIRECTOR)
    ask = lambda uow: asking.ask_as(uow, director, VERIFICATION, VerificationAsked(), key="k").uid  # noqa: E731
    return school.database.write(ask)


@pytest.fixture
def of_installation(pipeline) -> str:
    ask = lambda uow: asking.ask_as(uow, operator(), VERIFICATION, VerificationAsked(), key="k").uid  # noqa: E731
    return pipeline.school.database.write(ask)


def shown(delta) -> dict:
    return delta["jobs_state"]


async def test_somebody_sees_the_jobs_of_his_school(pipeline, of_school, of_installation):
    seen = shown(await pipeline.call(JobsState.open_page, "director", "/jobs"))
    assert [row.uid for row in seen["rows"]] == [of_school]
    assert (seen["all"], seen["open"], seen["failed"]) == ("1", "1", "0")
    row = seen["rows"][0]
    assert (row.state, row.action, row.is_open, row.done, row.total) == ("waiting", "stop", True, 0, 1)
    assert not row.may_be_put_away
    assert of_installation not in str(seen)


async def test_a_job_is_stopped_repeated_and_put_away(pipeline, of_school):
    job = {"job": of_school}
    stopped = shown(await pipeline.call(JobsState.stop, "director", "/jobs", raw=job))["rows"][0]
    assert (stopped.state, stopped.action, stopped.may_be_put_away) == ("stopped", "repeat", True)
    repeated = shown(await pipeline.call(JobsState.repeat, "director", "/jobs", raw=job))["rows"][0]
    assert repeated.state == "waiting"
    await pipeline.call(JobsState.stop, "director", "/jobs", raw=job)
    assert shown(await pipeline.call(JobsState.put_away, "director", "/jobs", raw=job))["rows"] == []


async def test_a_foreign_job_cannot_be_touched(pipeline, of_installation):
    for handler in (JobsState.stop, JobsState.repeat, JobsState.put_away):
        delta = await pipeline.call(handler, "director", "/jobs", raw={"job": of_installation})
        assert delta["notice_state"]["notice"]


async def test_a_check_runs_is_listed_and_said_on_its_page(pipeline, of_school, tmp_path):
    await asyncio.to_thread(jobs_to_their_end, pipeline.school.database, tmp_path)
    row = shown(await pipeline.call(JobsState.open_page, "director", "/jobs"))["rows"][0]
    assert (row.state, row.href) == ("done", "/integrity")
    page = (await pipeline.call(IntegrityState.open_page, "director", "/integrity"))["integrity_state"]
    assert (page["verdict"], page["busy"], page["checks"][0].state) == ("whole", False, "done")
    assert [step.state for step in page["steps"]] == ["whole"] * 5


async def test_what_is_new_alone_is_checked_from_a_day_on(pipeline, tmp_path):
    database = pipeline.school.database
    wrong = await pipeline.call(IntegrityState.check_since, "director", "/integrity", raw={"since": "2026-02-30"})
    assert wrong["integrity_state"]["errors"].first == "since"
    await pipeline.call(IntegrityState.check_since, "director", "/integrity", raw={"since": "2030-01-01"})
    database.write(lambda uow: uow.connection.exec_driver_sql("UPDATE lesson SET topic = 'another'"))
    await asyncio.to_thread(jobs_to_their_end, database, tmp_path)
    page = (await pipeline.call(IntegrityState.open_page, "director", "/integrity"))["integrity_state"]
    assert (page["verdict"], "since" in page["checked"]) == ("whole", True), "what was written before is not looked at"


async def test_the_file_of_a_job_is_fetched_from_its_row(pipeline, of_school):
    database = pipeline.school.database
    kept = update(table(Job)).where(table(Job).c.uid == of_school).values(state=State.DONE, file="abcdefghijklmnop")
    database.write(lambda uow: uow.execute(kept))
    row = shown(await pipeline.call(JobsState.open_page, "director", "/jobs"))["rows"][0]
    assert (row.action, row.href) == ("download", "/files/abcdefghijklmnop")


async def test_what_the_night_found_elsewhere_is_said_without_its_rows(pipeline, of_installation, tmp_path):
    database = pipeline.school.database
    database.write(lambda uow: uow.connection.exec_driver_sql("UPDATE lesson SET topic = 'another'"))
    await asyncio.to_thread(jobs_to_their_end, database, tmp_path)
    page = (await pipeline.call(IntegrityState.open_page, "director", "/integrity"))["integrity_state"]
    assert (page["verdict"], page["faults"], page["checks"][0].said) == ("elsewhere", [], "")


async def test_a_check_that_waits_is_stopped_from_its_page(pipeline, of_school):
    assert (await pipeline.call(IntegrityState.open_page, "director", "/integrity"))["integrity_state"]["busy"]
    page = (await pipeline.call(IntegrityState.stop, "director", "/integrity"))["integrity_state"]
    assert (page["busy"], page["checks"][0].state) == (False, "stopped")
