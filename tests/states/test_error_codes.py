"""Whoever is shown a code finds by one search the line of the log with the place, the session and the request."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from ais_app.access.gate.answer_headers import AnswerHeaders
from ais_app.access.gate.asgi import Gate
from ais_app.access.gate.declared import Declared
from ais_app.access.payload import Payload
from ais_app.access.sign_in.routes import SignInRoutes
from ais_app.db.columns import table
from ais_app.job_list import state as job_list
from ais_app.job_list.state import JobsState
from ais_app.jobs import asking, taking
from ais_app.jobs.models import Job
from ais_app.rights.rules import server
from ais_app.room import OPEN, SIGNED_IN, Address
from ais_app.server_commands.declared import Reading, answer
from tests.counting_jobs import COUNTING, KINDS, Counted
from tests.logged import Lines, found_by, logged
from tests.running_jobs import run_until

CODE = re.compile(r"\b[a-z2-7]{16}\b")
UID = re.compile(r"[a-z2-7]{16}")


@pytest.fixture
def lines():
    with logged() as found:
        yield found


def code_in(text: str) -> str:
    (code,) = CODE.findall(text)
    return code


def crash(*_anything: Any, **_named: Any) -> Any:
    raise LookupError("a name of somebody")


async def session_of(pipeline, login: str) -> str:
    actor = await pipeline.services.sessions.actor_of_cookie(pipeline.cookie(login))
    return actor.session_uid


async def crashed(pipeline, login: str, lines: Lines) -> None:
    """An event that crashes, until that stands in the log."""
    before = len(lines())
    data: dict[str, Any] = {
        "pathname": "/jobs",
        "asPath": "/jobs",
        "path": "/jobs",
        "sid": "sid",
        "ip": "127.0.0.1",
        "token": login,
    }
    data["headers"] = {"cookie": pipeline.cookie(login)}
    name = format_event_handler(JobsState.open_page)
    await pipeline.processor.enqueue(login, Event(name=name, payload={}, router_data=data))
    async with asyncio.timeout(10):
        while len(lines()) == before or not any("notice" in values for _tab, _state, values in pipeline.push.sent):
            await asyncio.sleep(0)


async def test_a_crashed_event(pipeline, lines: Lines, monkeypatch):
    monkeypatch.setattr(job_list, "view", crash)
    await crashed(pipeline, "director", lines)
    (said,) = [values["notice"] for _tab, _state, values in pipeline.push.sent if "notice" in values]
    line = found_by(code_in(said), lines)
    assert (line["event"], line["error"]) == ("handler_crashed", "LookupError")
    assert any(place.endswith(" crash") for place in line["where"])
    assert line["session"] == await session_of(pipeline, "director")
    assert UID.fullmatch(line["request"])
    assert "a name of somebody" not in str(lines())


async def test_events_have_an_id_each(pipeline, lines: Lines, monkeypatch):
    monkeypatch.setattr(job_list, "view", crash)
    await crashed(pipeline, "director", lines)
    await crashed(pipeline, "director", lines)
    await pipeline.call(JobsState.open_page, "teacher", "/jobs")  # may not
    requests = [one["request"] for one in lines() if one["event"] in ("handler_crashed", "event_refused")]
    assert len(requests) == len(set(requests)) == 3


def gate_of(pipeline, routes, *addresses: Address) -> Gate:
    return Gate(routes, pipeline.services, Declared(addresses, ()), lambda _actor: "/", AnswerHeaders(b""))


async def asked(gate: Gate, path: str, *headers: tuple[bytes, bytes], method: str = "GET", body: bytes = b"") -> Any:
    """(status, headers, text) of a request through the gate."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    own = [(b"host", b"journal.example"), (b"origin", b"http://journal.example"), *headers]
    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": own}
    scope |= {"scheme": "http", "query_string": b"", "client": ("127.0.0.1", 1), "server": ("h", 80), "root_path": ""}
    await gate(scope, receive, send)
    text = b"".join(one.get("body", b"") for one in sent[1:]).decode()
    return sent[0]["status"], dict(sent[0]["headers"]), text


async def test_a_crashed_request(pipeline, lines: Lines):
    gate = gate_of(pipeline, crash, Address("/login", SIGNED_IN))
    cookie = b"cookie", pipeline.cookie("director").encode()
    status, headers, text = await asked(gate, "/login", cookie, (b"x-request-id", b"of-the-client"))
    assert status == 500
    code = headers[b"ais-error"].decode()
    assert code in text
    line = found_by(code, lines)
    assert (line["event"], line["request"]) == ("request_failed", headers[b"x-request-id"].decode())
    assert line["session"] == await session_of(pipeline, "director")
    assert any(place.endswith(" crash") for place in line["where"])
    assert "of-the-client" not in str(lines())


async def test_a_form_that_cannot_be_read(pipeline, lines: Lines):
    from starlette.applications import Starlette

    from ais_app.access.errors import FormRefused

    sign_in = SignInRoutes(pipeline.services, lambda _connection: ("School", ()))
    routes = Starlette(routes=sign_in.routes, exception_handlers={FormRefused: sign_in.refuse_form})
    gate = gate_of(pipeline, routes, Address("/login", OPEN, 1000))
    broken = b"content-type", b"multipart/form-data; boundary=x"
    length = b"content-length", b"5"
    answers = [await asked(gate, "/login", broken, length, method="POST", body=b"wrong") for _turn in range(3)]
    assert [status for status, _headers, _text in answers] == [400, 400, 400]
    shown = [re.findall(r"(?:Код ошибки|Error code): ([a-z2-7]{16})", text) for _status, _headers, text in answers]
    assert [len(one) for one in shown] == [1, 0, 0], "a flood of forms is no flood of lines"
    line = found_by(shown[0][0], lines)
    assert (line["event"], line["request"]) == ("form_refused", answers[0][1][b"x-request-id"].decode())
    assert line["where"]


class Nothing(Payload):
    pass


async def test_a_failed_command(database, lines: Lines):
    from ais_app import __version__

    command = {"broken": Reading("broken", Nothing, crash)}
    said = await answer(database, command, {"command": "broken", "version": __version__, "payload": {}})
    line = found_by(code_in(said["refused"]), lines)
    assert (line["event"], line["command"]) == ("command_failed", "broken")
    assert UID.fullmatch(line["request"])
    assert any(place.endswith(" crash") for place in line["where"])


def job_row(database, uid: str):
    job = table(Job)
    return database.read(lambda one: one.execute(job.select().where(job.c.uid == uid)).one())


def test_a_failed_job(database, lines: Lines, tmp_path):
    author = server().author
    uid = database.write(lambda uow: asking.ask(uow, COUNTING, Counted(wrong="error"), author).uid)
    run_until(database, lambda: job_row(database, uid).state == "failed", tmp_path, KINDS)
    line = found_by(job_row(database, uid).error_id, lines)
    assert (line["event"], line["job"]) == ("job_failed", uid)
    assert "LookupError in" in line["why"]
    assert "counting_jobs.py" in line["why"]


def test_a_job_whose_runs_all_ended_without_a_word(database, clock, lines: Lines):
    uid = database.write(lambda uow: asking.ask(uow, COUNTING, Counted(), server().author).uid)
    for _attempt in range(COUNTING.most_attempts + 1):
        database.write(lambda uow: taking.take(uow, KINDS))
        clock.advance(seconds=COUNTING.lease_seconds + 1)
    line = found_by(job_row(database, uid).error_id, lines)
    assert (line["event"], line["job"]) == ("job_failed", uid)


def test_a_job_of_another_version(database, lines: Lines):
    uid = database.write(lambda uow: asking.ask(uow, COUNTING, Counted(), server().author).uid)
    job = table(Job)
    database.write(lambda uow: uow.execute(job.update().values(payload='{"parts": "many"}')))
    database.write(lambda uow: taking.take(uow, KINDS))
    line = found_by(job_row(database, uid).error_id, lines)
    assert (line["event"], line["job"], line["error"]) == ("job_failed", uid, "ValidationError")
    assert "many" not in str(lines())
