"""The bulk lane of the writer: in pieces, behind whoever types, and never at once for long (D-33, D-38)."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.db import Database, UnitOfWork, bulk, writer
from ais_app.db.bulk import LARGEST, LEAST, LONGEST, BulkFailed, WriterStopped, next_size, pieces, portions
from tests.unit.test_unit_of_work import add, fail_after, poison, rows


class Gate:
    """A piece that waits inside of the writer until it is let go."""

    def __init__(self) -> None:
        self.entered, self.release = threading.Event(), threading.Event()

    def __call__(self, _uow: UnitOfWork) -> str:
        self.entered.set()
        self.release.wait(10)
        return "gate"


class Background:
    """A run that another thread waits for."""

    def __init__(self, database: Database, take, **named) -> None:
        self.outcome: Future = Future()
        self._thread = threading.Thread(target=self._run, args=(database, take, named))
        self._thread.start()

    def _run(self, database: Database, take, named) -> None:
        try:
            self.outcome.set_result(database.write_bulk(take, **named))
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.outcome.set_exception(error)

    def result(self):
        return self.outcome.result(20)


def note(heard: list, name: str):
    return lambda _uow: heard.append(name) or name


def test_pieces_are_written_in_order_and_each_is_committed_before_the_next(database):
    seen = []

    def work(uow, parts):
        seen.append(rows(database))
        for part in parts:
            add(f"part {part}")(uow)
        return list(parts)

    written = database.write_bulk(portions(range(60), work))
    assert [part for piece in written for part in piece] == list(range(60))
    assert seen[:2] == [0, LEAST]
    assert rows(database) == 60
    assert database.write_bulk(portions([], work)) == []


def test_interactive_units_overtake(database):
    gate, heard = Gate(), []
    run = Background(database, pieces([gate, note(heard, "bulk 1"), note(heard, "bulk 2")]))
    gate.entered.wait(10)
    typed = [database._submit(note(heard, f"typed {number}"), "installation", None, None) for number in range(3)]
    gate.release.set()
    assert run.result() == ["gate", "bulk 1", "bulk 2"]
    assert [one.result(10) for one in typed] == heard[:3]
    assert heard[3:] == ["bulk 1", "bulk 2"]


def test_whoever_types_between_pieces_waits_for_one_piece_only(database):
    heard, typed = [], []

    def piece(number: int):
        def work(uow: UnitOfWork) -> None:
            heard.append(number)
            if number % 2:
                typed.append(database._submit(note(heard, f"after {number}"), "installation", None, None))

        return work

    database.write_bulk(pieces([piece(number) for number in range(4)]))
    assert heard == [0, 1, "after 1", 2, 3, "after 3"]


def test_a_run_goes_on_under_a_light_load_of_typing(database):
    stop, typed = threading.Event(), []

    def typing() -> None:
        while not stop.wait(0.003):
            typed.append(database.write(lambda uow: uow.now))

    typist = threading.Thread(target=typing)
    typist.start()
    try:
        written = Background(database, portions(range(3_000), lambda _uow, parts: len(parts))).result()
    finally:
        stop.set()
        typist.join(10)
    assert sum(written) == 3_000


def test_runs_follow_each_other(database):
    gate, heard = Gate(), []
    first = Background(database, pieces([gate, note(heard, "first"), note(heard, "first")]))
    gate.entered.wait(10)
    second = Background(database, pieces([note(heard, "second")]))
    wait_for_runs(database, 2)
    gate.release.set()
    first.result()
    second.result()
    assert heard == ["first", "first", "second"]


def wait_for_runs(database: Database, count: int) -> None:
    busy = database._writer_of("installation")
    for _round in range(1_000):
        if len(busy._runs) == count:
            return
        threading.Event().wait(0.01)
    pytest.fail("the run was not submitted")


def test_an_error_ends_the_run_and_says_what_was_written(database):
    made = [lambda uow: add("a")(uow) or "a", lambda uow: add("b")(uow) or "b", fail_after(add("c")), add("d")]
    with pytest.raises(BulkFailed) as failed:
        database.write_bulk(pieces(made))
    assert failed.value.written == ("a", "b")
    assert isinstance(failed.value.__cause__, LookupError)
    assert rows(database) == 2
    assert database.write_bulk(pieces([add("e")])) == [None]


def test_a_piece_whose_commit_fails_is_not_written(database):
    with pytest.raises(BulkFailed) as failed:
        database.write_bulk(pieces([add("a"), poison, add("b")]))
    assert failed.value.written == (None,)
    assert rows(database) == 1


def test_an_error_in_making_a_piece_ends_the_run_only(database):
    def take(_size: int):
        raise LookupError

    with pytest.raises(BulkFailed) as failed:
        database.write_bulk(take)
    assert isinstance(failed.value.__cause__, LookupError)
    database.write(add("a"))
    assert rows(database) == 1


def test_closing_lets_the_piece_end_and_refuses_the_rest(database):
    gate = Gate()
    running = Background(database, pieces([lambda uow: add("a")(uow), gate, add("b")]))
    gate.entered.wait(10)
    waiting = Background(database, pieces([add("c")]))
    wait_for_runs(database, 2)
    one = database._writer_of("installation")
    one.stop()
    gate.release.set()
    for run, written in ((running, (None, "gate")), (waiting, ())):
        with pytest.raises(BulkFailed) as failed:
            run.result()
        assert failed.value.written == written
        assert isinstance(failed.value.__cause__, WriterStopped)
    one.join(10)
    late = bulk.BulkRun(pieces([add("d")]), "installation")
    one.submit_bulk(late)
    assert isinstance(late.future.exception(10), BulkFailed)
    assert rows(database) == 1


async def test_whoever_gives_up_ends_the_run_after_its_piece(database):
    gate = Gate()
    run = asyncio.ensure_future(database.awrite_bulk(pieces([gate, add("a")])))
    await asyncio.get_running_loop().run_in_executor(None, gate.entered.wait, 10)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    gate.release.set()
    assert await database.awrite_bulk(pieces([add("b")])) == [None]
    assert rows(database) == 1


def test_progress_is_told_after_each_commit_and_its_errors_stop_nothing(database):
    told = []

    def progress(result: str) -> None:
        told.append((result, rows(database)))
        raise LookupError

    made = [lambda uow, name=name: add(name)(uow) or name for name in "abc"]
    assert database.write_bulk(pieces(made), progress=progress) == ["a", "b", "c"]
    assert told == [("a", 1), ("b", 2), ("c", 3)]


def test_what_pieces_announce_is_heard_after_each(database):
    heard = []
    database.on_commit(lambda announced: heard.append((list(announced), rows(database))))

    def piece(name: str):
        def work(uow: UnitOfWork) -> None:
            add(name)(uow)
            uow.announce(name)

        return work

    database.write_bulk(pieces([piece("a"), piece("b")]))
    assert heard == [(["a"], 1), (["b"], 2)]


def test_a_larger_piece_is_tried_while_they_are_quick_and_a_smaller_one_when_they_are_not(database, monkeypatch):
    """10,000 parts of 0.1 ms each beside 2 ms for the commit, by a clock that counts them."""
    now, sizes = [0.0], []
    monkeypatch.setattr(writer, "perf_counter", lambda: now[0])

    def work(_uow: UnitOfWork, parts) -> None:
        sizes.append(len(parts))
        slow = 4 if parts[0] >= 5_000 else 1  # the machine gets busy
        now[0] += 0.002 + 0.0001 * slow * len(parts)

    database.write_bulk(portions(range(10_000), work))
    assert sum(sizes) == 10_000
    assert sizes[:4] == [16, 32, 64, 128]
    assert max(sizes) == 128
    assert set(sizes[-10:-1]) == {32}
    assert all(0.002 + 0.0001 * size <= LONGEST for size in sizes)


@given(st.integers(LEAST, LARGEST), st.floats(0, 0.002), st.floats(1e-7, 0.001))
def test_no_piece_is_too_long_once_the_size_is_found(size, commit, part):
    held = [commit + part * size]
    for _piece in range(40):
        size = next_size(size, held[-1])
        held.append(commit + part * size)
    assert all(seconds <= LONGEST for seconds in held[12:])
    assert size in (LEAST, LARGEST) or held[-1] >= LONGEST * 0.4


def test_each_shard_of_postgresql_has_a_lane(database):
    if database.is_sqlite:
        assert database._writer_of("a") is database._writer_of("b")
        return
    shards = {database._writer_of(name): name for name in "abcdefgh"}
    assert len(shards) > 1
    (busy, _one), (_other, free) = list(shards.items())[:2]
    gate = Gate()
    run = Background(database, pieces([gate]), shard=shards[busy])
    gate.entered.wait(10)
    assert database.write_bulk(pieces([add("a")]), shard=free) == [None]
    gate.release.set()
    assert run.result() == ["gate"]


def test_the_lane_leaves_the_writer_as_it_was_after_a_lost_connection(database):
    """An error of the database itself ends the run too, and the thread goes on."""

    def broken(uow: UnitOfWork) -> None:
        uow.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(BulkFailed):
        database.write_bulk(pieces([add("a"), broken]))
    database.write(add("b"))
    assert rows(database) == 2
