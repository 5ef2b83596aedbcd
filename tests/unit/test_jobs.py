"""Jobs: asked for with the change, taken with a lease, each part written once, stopped, repeated; and real children."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.jobs import asking, schedules, taking
from ais_app.jobs.models import Job, JobSchedule
from ais_app.jobs.rules import Schedule, State
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Role, operator, server
from tests.counting_jobs import COUNTING, KINDS, Counted, effects
from tests.running_jobs import run_until

_job, _schedule = table(Job), table(JobSchedule)


def ask(database, parts: int = 3, *, key: str = "", **named) -> str:
    def write(uow):
        return asking.ask(uow, COUNTING, Counted(parts=parts, **named), server().author, key=key).uid

    return database.write(write)


def row(database, uid: str):
    return database.read(lambda one: one.execute(select(_job).where(_job.c.uid == uid)).one())


def take(database, kinds=KINDS):
    return database.write(lambda uow: taking.take(uow, kinds))


def parts(job, first: int, count: int) -> list[str]:
    return [f"{job.uid}:{number}" for number in range(first, first + count)]


def write(database, job, first: int, count: int):
    return database.write(lambda uow: taking.write_parts(uow, COUNTING, job, first, parts(job, first, count)))


def test_a_job_is_taken_once_and_in_the_order_in_which_it_was_asked_for(database):
    first, second = ask(database), ask(database)
    assert [take(database).uid, take(database).uid] == [first, second]
    assert take(database) is None


def test_a_job_of_the_same_key_is_not_asked_for_twice_until_it_has_ended(database):
    uid = ask(database, key="night")
    assert ask(database, key="night") == uid
    job = take(database)
    assert ask(database, key="night") == uid
    database.write(lambda uow: taking.end(uow, job, {}))
    assert ask(database, key="night") != uid


def test_a_job_is_not_there_when_the_change_is_taken_back(database):
    def write(uow):
        asking.ask(uow, COUNTING, Counted(), server().author)
        raise Refused

    with suppress(Refused):
        database.write(write)
    assert take(database) is None


def test_whoever_lost_the_lease_changes_nothing(database, clock):
    ask(database)
    former = take(database)
    write(database, former, 0, 1)
    clock.advance(seconds=COUNTING.lease_seconds + 1)
    present = take(database)
    assert (present.uid, present.written) == (former.uid, 1)
    for attempt in (
        lambda uow: taking.write_parts(uow, COUNTING, former, 1, parts(former, 1, 1)),
        lambda uow: taking.end(uow, former, {}),
        lambda uow: taking.report(uow, COUNTING, former, taking.Progress()),
        lambda uow: taking.interrupt(uow, COUNTING, former, "x"),
    ):
        with pytest.raises(taking.LeaseLost):
            database.write(attempt)
    write(database, present, 1, 2)
    assert effects(database, former.uid) == {0: 1, 1: 1, 2: 1}


def test_a_renewed_lease_is_not_taken(database, clock):
    ask(database)
    job = take(database)
    for _turn in range(5):
        clock.advance(seconds=COUNTING.lease_seconds * 0.6)
        database.write(lambda uow: taking.report(uow, COUNTING, job, taking.Progress("count", 1, 3)))
        assert take(database) is None


def test_parts_that_do_not_follow_are_refused(database):
    ask(database)
    job = take(database)
    write(database, job, 0, 2)
    for first in (0, 1, 3):
        with pytest.raises(ValueError, match="parts are written"):
            write(database, job, first, 1)
    assert effects(database, job.uid) == {0: 1, 1: 1}


def test_a_job_that_comes_to_nothing_fails_after_its_last_attempt(database, clock):
    uid = ask(database)
    for _attempt in range(COUNTING.most_attempts):
        assert take(database).uid == uid
        clock.advance(seconds=COUNTING.lease_seconds + 1)
    assert take(database) is None
    assert row(database, uid).state == State.FAILED
    assert row(database, uid).error_id


def test_attempts_count_anew_after_a_part_was_written(database, clock):
    uid = ask(database, 20)
    for number in range(COUNTING.most_attempts * 2):
        write(database, take(database), number, 1)
        clock.advance(seconds=COUNTING.lease_seconds + 1)
    assert row(database, uid).state == State.RUNNING


def test_an_interrupted_job_waits_before_it_is_taken_again(database, clock):
    uid = ask(database)
    job = take(database)
    database.write(lambda uow: taking.interrupt(uow, COUNTING, job, "code"))
    assert take(database) is None
    clock.advance(seconds=61)
    assert take(database).uid == uid


def test_a_job_given_back_has_lost_no_attempt(database):
    uid = ask(database)
    for _turn in range(COUNTING.most_attempts * 2):
        job = take(database)
        database.write(lambda uow, job=job: taking.give_back(uow, job))
    assert row(database, uid).state == State.WAITING


def test_a_payload_of_another_version_fails(database):
    uid = ask(database)
    database.write(lambda uow: uow.execute(_job.update().values(payload='{"gone": 1}')))
    assert take(database) is None
    assert row(database, uid).state == State.FAILED


class Model:
    """What one job is, in a few words, for any order of events."""

    PARTS = 6

    def __init__(self, database, clock) -> None:
        self.database, self.clock = database, clock
        self.uid, self.runs = ask(database, self.PARTS), []

    def taken(self) -> None:
        self.clock.advance(seconds=1)
        job = take(self.database)
        self.runs += [] if job is None else [[job, job.written]]

    def lost(self) -> None:
        self.clock.advance(seconds=COUNTING.lease_seconds + 1)

    def forgotten(self) -> None:
        """The process that ran it was killed, and another one starts."""
        self.runs = self.runs[-1:]
        self.database.write(taking.take_over)

    def moved(self, which: int, count: int) -> None:
        if not self.runs:
            return
        run = self.runs[which % len(self.runs)]
        job, first = run
        count = min(count, self.PARTS - first)
        with suppress(taking.LeaseLost, ValueError):
            if count:
                write(self.database, job, first, count)
                run[1] += count
            else:
                self.database.write(lambda uow: taking.end(uow, job, {"parts": self.PARTS}))

    def killed(self, which: int) -> None:
        if self.runs:
            job = self.runs[which % len(self.runs)][0]
            with suppress(taking.LeaseLost):
                self.database.write(lambda uow: taking.interrupt(uow, COUNTING, job, "code"))

    def stopped(self, which: int) -> None:
        with suppress(Refused):
            self.database.write(lambda uow: asking.stop(uow, operator(), COUNTING, self.uid))
        if self.runs:
            job = self.runs[which % len(self.runs)][0]
            with suppress(taking.LeaseLost):
                self.database.write(lambda uow: taking.mark_stopped(uow, job))

    def repeated(self) -> None:
        with suppress(Refused):
            self.database.write(lambda uow: asking.repeat(uow, operator(), COUNTING, self.uid))

    def finish(self) -> None:
        """Somebody repeats it until it is done."""
        for _turn in range(100):
            if row(self.database, self.uid).state == State.DONE:
                return
            self.repeated()
            self.lost()
            self.clock.advance(seconds=120)
            self.taken()
            self.moved(-1, 2)
            self.moved(-1, self.PARTS)
            self.moved(-1, 0)
            self.stopped_for_good()

    def stopped_for_good(self) -> None:
        """A stop that was asked for and that nobody heard is heard by the next who takes it."""
        if row(self.database, self.uid).stop_asked:
            self.lost()
            take(self.database)


EVENTS = st.lists(
    st.one_of(
        st.just(("taken",)),
        st.just(("lost",)),
        st.just(("forgotten",)),
        st.just(("repeated",)),
        st.tuples(st.just("moved"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("killed"), st.integers(0, 3)),
        st.tuples(st.just("stopped"), st.integers(0, 3)),
    ),
    max_size=25,
)


@given(events=EVENTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_part_has_its_effect_once(database, clock, events):
    model = Model(database, clock)
    for name, *arguments in events:
        getattr(model, name)(*arguments)
        assert set(effects(database, model.uid).values()) <= {1}
        assert sorted(effects(database, model.uid)) == list(range(row(database, model.uid).written))
    model.finish()
    assert row(database, model.uid).state == State.DONE
    assert effects(database, model.uid) == dict.fromkeys(range(model.PARTS), 1)


def test_a_schedule_comes_once_after_missed_nights(database, clock):
    nightly = replace(COUNTING, schedule=Schedule(at=time(3, 12)))

    def look():
        return database.write(lambda uow: schedules.run_due(uow, [nightly], "Europe/Moscow"))

    assert look() == []
    assert not database.read(schedules.is_due, clock.now(), [nightly], "Europe/Moscow")
    clock.advance(days=3)
    (uid,) = look()
    assert look() == []
    assert row(database, uid).state == State.WAITING
    following = database.read(lambda one: one.execute(select(_schedule.c.next_run)).scalar_one())
    assert following == datetime(2026, 11, 27, 0, 12, tzinfo=UTC)


def test_a_schedule_that_was_changed_is_reckoned_anew(database, clock):
    def look(schedule):
        return database.write(lambda uow: schedules.run_due(uow, [replace(COUNTING, schedule=schedule)], "UTC"))

    look(Schedule(at=time(3, 12)))
    assert look(Schedule(every=timedelta(hours=1))) == []
    clock.advance(hours=2)
    assert len(look(Schedule(every=timedelta(hours=1)))) == 1


def test_a_person_asks_stops_and_repeats_and_the_ledger_says_so(school, write):
    director = school.actor("director", Role.DIRECTOR)
    asked = write(lambda uow: asking.ask_as(uow, director, COUNTING, Counted(), key="k"))
    assert write(lambda uow: asking.ask_as(uow, director, COUNTING, Counted(), key="k")) == replace(asked, is_new=False)
    assert write(lambda uow: asking.stop(uow, director, COUNTING, asked.uid)) == State.STOPPED
    with pytest.raises(Refused):
        write(lambda uow: asking.stop(uow, director, COUNTING, asked.uid))
    write(lambda uow: asking.repeat(uow, director, COUNTING, asked.uid))
    found = row(school.database, asked.uid)
    assert (found.state, found.account) == (State.WAITING, director.account_uid)


def test_a_foreign_job_is_not_there(school, write):
    uid = ask(school.database)
    for actor in (school.actor("director", Role.DIRECTOR), school.teacher()):
        for change in (asking.stop, asking.repeat, asking.put_away):
            with pytest.raises(NotYours):
                write(lambda uow, actor=actor, change=change: change(uow, actor, COUNTING, uid))


def test_a_child_computes_and_its_parts_are_written(database, tmp_path):
    uid = ask(database, 700)
    run_until(database, lambda: row(database, uid).state == State.DONE, tmp_path, KINDS)
    found = row(database, uid)
    assert json.loads(found.result)["parts"] == found.written == 700
    assert effects(database, uid) == dict.fromkeys(range(700), 1)
    assert list((tmp_path / "jobs").iterdir()) == []


def test_what_the_work_refuses_is_said_and_what_fails_has_a_code(database, tmp_path):
    refused, failed = ask(database, wrong="refused"), ask(database, wrong="error")
    run_until(database, lambda: row(database, failed).state == State.FAILED, tmp_path, KINDS)
    assert (row(database, refused).state, row(database, refused).refused) == (State.FAILED, "These files do not fit.")
    assert row(database, failed).refused == ""
    assert row(database, failed).error_id


def test_a_running_job_is_stopped_and_goes_on_after_what_is_written(database, tmp_path):
    uid = ask(database, 20, wrong="wait")

    def stop() -> bool:
        if row(database, uid).written == 20 and not row(database, uid).stop_asked:
            database.write(lambda uow: asking.stop(uow, operator(), COUNTING, uid))
        return row(database, uid).state == State.STOPPED

    run_until(database, stop, tmp_path, KINDS)
    assert row(database, uid).written == 20


def test_a_server_that_stops_gives_the_job_back(database, tmp_path):
    uid = ask(database, 5, wrong="wait")
    run_until(database, lambda: row(database, uid).written == 5, tmp_path, KINDS)
    assert (row(database, uid).state, row(database, uid).attempts) == (State.WAITING, 0)


def test_s76_a_job_keeps_no_file_of_another_folder(database, tmp_path):
    uid = ask(database, 1, wrong="foreign file")
    run_until(database, lambda: row(database, uid).state == State.FAILED, tmp_path, KINDS)
    assert row(database, uid).file == ""


def test_the_file_of_a_job_is_kept(database, tmp_path):
    kept = {}

    @contextmanager
    def keep(_job, path, name):
        kept[name] = path.read_text()
        yield lambda _uow, former: "f" * 16 if not former else "second"

    uid = ask(database, 1, wrong="file")
    run_until(database, lambda: row(database, uid).state == State.DONE, tmp_path, KINDS, keep)
    assert (kept, row(database, uid).file) == ({"made.txt": "made"}, "f" * 16)
