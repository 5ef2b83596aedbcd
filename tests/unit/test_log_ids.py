"""Every line of the log carries the ids of what was at work; those of one never stand in the line of another."""

from __future__ import annotations

import asyncio
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ais_app import log_ids
from ais_app.db.bulk import pieces
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import operation
from ais_app.ledger.service import INSTALLATION
from ais_app.rights.rules import Right, operator
from tests.logged import logged

TRIED = Kind("ids_tried", lambda: "Ids were tried", without=lambda: "It only happens in tests.")
log = structlog.get_logger("tests")


@pytest.fixture
def lines():
    with logged() as found:
        yield found


def ids_of(line: dict) -> dict:
    return {name: line[name] for name in ("request", "session", "operation", "job") if name in line}


def test_a_block_binds_and_unbinds(lines):
    with log_ids.bound(request="a"):
        log_ids.begin(session="s")
        log.info("inner")
        logging.getLogger("library").warning("foreign")
    log.info("outer")
    assert [ids_of(one) for one in lines()] == [{"request": "a", "session": "s"}] * 2 + [{}]


async def test_readers_and_writers_have_the_ids_of_who_asked(lines, database):
    with log_ids.bound(request="r1"):
        await database.aread(lambda _connection: log.info("read"))
        await database.awrite(lambda _uow: log.info("written"))
        await database.awrite_bulk(pieces([lambda _uow: log.info("piece")]))
    await database.awrite(lambda _uow: log.info("nobody"))
    assert {one["event"]: ids_of(one) for one in lines()} == {
        "read": {"request": "r1"},
        "written": {"request": "r1"},
        "piece": {"request": "r1"},
        "nobody": {},
    }


async def test_an_operation_is_named_while_it_runs_and_by_the_error_that_ends_it(lines, database):
    def work(uow):
        with operation(uow, operator(), TRIED, Right.KEEP_LEDGER, chain=INSTALLATION) as op:
            op.keep()
            log.info("within")
            named.append(op.uid)
        log.info("behind")

    def failing(uow):
        with operation(uow, operator(), TRIED, Right.KEEP_LEDGER, chain=INSTALLATION, uid="b" * 16):
            raise LookupError("a name")

    named: list[str] = []
    with log_ids.bound(request="r2"):
        await database.awrite(work)
        with pytest.raises(LookupError) as failure:
            await database.awrite(failing)
    log.error("failed", exc_info=failure.value)
    within, behind, failed = lines()
    assert ids_of(within) == {"request": "r2", "operation": named[0]}
    assert ids_of(behind) == {"request": "r2"}
    assert ids_of(failed) == {"request": "r2", "operation": "b" * 16}
    assert failed["error"] == "LookupError"
    assert "a name" not in str(failed)


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5), min_size=2, max_size=12))
def test_ids_of_many_at_once_never_mix(walks):
    seen: list[tuple[str, dict[str, str]]] = []

    async def one(name: str, walk: list[int]) -> None:
        with log_ids.bound(request=name):
            for steps in walk:
                log_ids.begin(session=f"{name}-s")
                for _step in range(steps):
                    await asyncio.sleep(0)
                seen.append((name, log_ids.present()))
        assert log_ids.present() == {}

    async def all_of_them() -> None:
        await asyncio.gather(*(one(str(number), walk) for number, walk in enumerate(walks)))

    asyncio.run(all_of_them())
    assert len(seen) == sum(map(len, walks))
    assert all(ids == {"request": name, "session": f"{name}-s"} for name, ids in seen)


async def test_many_writers_at_once_keep_their_own(lines, database):
    async def one(name: str) -> None:
        with log_ids.bound(request=name):
            await database.awrite(lambda _uow: log.info("unit", of=name))
            await database.aread(
                lambda connection: log.info("read", of=name, one=connection.execute(select(1)).scalar())
            )

    await asyncio.gather(*(one(f"r{number}") for number in range(100)))
    assert len(lines()) == 200
    assert all(line["request"] == line["of"] for line in lines())
