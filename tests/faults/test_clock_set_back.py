"""The clock is set back: the ledger keeps its order by number, nothing lives longer than it should, nothing opens again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ais_app.access import service, sessions
from ais_app.db.columns import new_uid
from ais_app.journal.errors import CellsRefused
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from tests import servers
from tests.builders import PASSWORD
from tests.conftest import MONDAY
from tests.faults.checks import check_reading_goes_on
from tests.wire.client import JOURNAL, Tab, completed, sign_in

TODAY, FRIDAY, MONTH_AGO = date(2026, 11, 23), date(2026, 11, 20), date(2026, 10, 23)


def test_the_ledger_keeps_its_order_by_number(school, clock):
    teacher = school.teacher()
    school.enter(teacher, "algebra", ("anna", FRIDAY, "5", 0))
    clock.advance(days=-2)
    school.enter(teacher, "algebra", ("anna", FRIDAY, "4", 1), reason="the clock was wrong")
    clock.advance(days=2)
    school.enter(teacher, "algebra", ("anna", FRIDAY, "3", 2), reason="the clock was wrong")
    subject = f"{school.people['anna'].uid}:{school.work('algebra', FRIDAY)}"
    steps = school.database.read(ledger.history, f"school:{school.ref.uid}", "cell", subject)
    assert [step.after["value"] for step in steps] == ["3", "4", "5"]
    assert steps[1].moment < steps[2].moment, (
        "the moments are those of the clock: an inspector sees that it was set back"
    )
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def test_what_is_not_yet_or_no_longer_open_is_decided_by_the_clock_of_the_server(school, clock):
    teacher = school.teacher()
    with pytest.raises(CellsRefused) as error:
        school.enter(teacher, "algebra", ("anna", MONTH_AGO, "5", 0))
    assert error.value.cells[0].code == "locked"
    clock.advance(days=-1)
    with pytest.raises(CellsRefused) as error:
        school.enter(teacher, "algebra", ("anna", TODAY, "5", 0))
    assert error.value.cells[0].code == "future"
    with pytest.raises(CellsRefused) as error:
        school.enter(teacher, "algebra", ("anna", MONTH_AGO, "5", 0))
    assert error.value.cells[0].code == "locked"


async def test_a_session_does_not_live_longer_for_it(school, clock):
    """It was used an hour ahead of the clock that is right again: what was noted then must not count as use."""
    registry = sessions.SessionRegistry(school.database)
    clock.advance(hours=1)
    token = sign_in_directly(school, "mother")
    clock.advance(hours=-1)
    assert await registry.actor(token) is not None
    school.database.write(lambda _uow: None)  # the note stands before it in the queue
    clock.advance(minutes=31)
    assert await sessions.SessionRegistry(school.database).actor(token) is None


def test_a_pause_for_signing_in_does_not_last_longer_for_it(school, clock):
    attempt = service.attempt_to_sign_in("anna", "10.0.0.1")

    def verdicts(count: int) -> list[str]:
        return [
            school.database.write(lambda uow: service.reserve_attempt(uow, attempt)).verdict for _try in range(count)
        ]

    clock.advance(days=1)
    assert verdicts(6) == ["go"] * 5 + ["paused"]
    clock.advance(days=-1)
    assert verdicts(6) == ["go"] * 5 + ["paused"], "and who guesses on is paused anew"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_server_that_starts_a_day_earlier_serves_on(school, tmp_path):
    url = school.database.url.render_as_string(hide_password=False)
    with servers.running(tmp_path, url) as server:
        teacher, mother = (sign_in(server.url, login, PASSWORD) for login in ("teacher", "mother"))
        assert enter(school, server, teacher, TODAY, "5")["cells"][0][2] == "5"
    earlier = (MONDAY - timedelta(days=1)).isoformat()
    with servers.running(tmp_path, url, AIS_CLOCK=earlier) as server:
        for client in (teacher, mother):
            client.base_url, client.headers["origin"] = server.url, server.url
        assert enter(school, server, teacher, FRIDAY, "4")["cells"][0][2] == "4"
        assert enter(school, server, teacher, TODAY, "3", 1)["refused"][0][2] == "future"
        check_reading_goes_on(server, mother)
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def sign_in_directly(school, login: str) -> str:
    token = sessions.new_token()
    request = service.SignIn(login, "127.0.0.1", sessions.hash_token(token), personal_device=False)
    school.database.write(lambda uow: service.sign_in(uow, request))
    return token


def enter(school, server, client, day: date, value: str, version: int = 0) -> dict:
    tab = Tab(server.url, client)
    cell = [school.people["anna"].uid, school.work("algebra", day), value, version]
    tab.send(f"{JOURNAL}.enter", {"raw": {"ops": [[new_uid(), school.courses["algebra"], [cell]]]}})
    answer = completed(tab.until(JOURNAL, "answer")["patches"][0], [cell])
    tab.close()
    return answer
