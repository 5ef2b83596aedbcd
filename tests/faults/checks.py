"""What must hold while something is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import httpx
from sqlalchemy import text

from ais_app.access import service, sessions
from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.ledger import verifying
from tests import servers
from tests.builders import PASSWORD
from tests.faults.burst import operations
from tests.faults.typist import Typist
from tests.wire.client import DIARY, Tab

CODE = re.compile(r"[a-z2-7]{16}")


def session_not_seen_lately(database: Database, server: servers.Server, login: str) -> httpx.Client:
    """Somebody signed in two minutes ago whom the server has not met since: it wants to note that he is back."""
    token = sessions.new_token()
    request = service.SignIn(login, "127.0.0.1", sessions.hash_token(token), personal_device=False)
    earlier = SetClock(database.clock.now() - timedelta(minutes=2))
    database.write(lambda uow: service.sign_in(uow, request), clock=earlier)
    return httpx.Client(
        base_url=server.url, headers={"origin": server.url}, cookies={sessions.COOKIE: token}, timeout=20
    )


def check_reading_goes_on(server: servers.Server, client: httpx.Client) -> None:
    """A family reads on, page and diary, also when the server cannot note that its session is in use."""
    assert client.get("/diary/").status_code == 200
    tab = Tab(server.url, client, "/diary")
    tab.send(f"{DIARY}.open_page")
    assert tab.until(DIARY, "status") == "ready"
    tab.close()


def check_nothing_is_half_written(database: Database, typists: Sequence[Typist]) -> None:
    """What was answered is there once; what is there beside it belongs to operations that are still being sent."""
    known = {uid for typist in typists for uid in typist.acknowledged}
    entered = operations(database)
    assert len(entered) == len(set(entered))
    assert known <= set(entered)
    versions = database.read(lambda one: one.execute(text("SELECT coalesce(sum(version), 0) FROM cell")).scalar_one())
    assert versions == len(entered), "as many versions as operations: no cell without its line in the ledger"
    assert database.read(lambda one: list(verifying.verify(one))) == []


def check_each_refusal_has_an_id(server: servers.Server, typists: Sequence[Typist]) -> None:
    """The person got a neutral line with a code, the log has the code with the cause, neither has a trace of values."""
    log = server.log.read_text(encoding="utf-8")
    notices = [notice for typist in typists for notice in typist.notices]
    assert notices
    for notice in notices:
        found = CODE.search(notice)
        assert found, notice
        assert found.group() in log
        assert "sql" not in notice.lower()
    assert "INSERT" not in log


def check_pages_say_so(server: servers.Server) -> None:
    """Without a database: the process lives, is not ready, and a page is a sentence with a code, never a trace."""
    headers = {"origin": server.url, "cookie": f"{sessions.COOKIE}={sessions.new_token()}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=20) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        answers = [
            client.get("/diary/"),
            client.get("/login"),
            client.post("/login", data={"login": "mother", "password": PASSWORD}),
        ]
    for answer in answers:
        check_page_says_so(server, answer)


def check_page_says_so(server: servers.Server, answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "Не получилось" in answer.text
    code = CODE.search(answer.text.partition('data-testid="error-code"')[2])
    assert code, answer.text
    assert code.group() in server.log.read_text(encoding="utf-8")
    assert "Traceback" not in answer.text
