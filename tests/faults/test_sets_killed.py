"""`kill -9` of the server and its child while a set is written and taken back: afterwards all is as uninterrupted."""

from __future__ import annotations

import io
import shutil
import zipfile
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from ais_app.clock import SetClock
from ais_app.exchange.files import SET
from ais_app.exchange.jobs import IMPORT, TAKING_BACK, SetAsked, TakingBackAsked
from ais_app.exchange.oneroster import export_oneroster, import_oneroster
from ais_app.exchange.writing import plan, runs
from ais_app.files.store import FileStore
from ais_app.jobs import asking
from ais_app.jobs.rules import OPEN, State
from ais_app.ledger import verifying
from ais_app.rights.rules import operator
from tests import servers
from tests.bench.rosters import generate_oneroster
from tests.conftest import MONDAY
from tests.databases import rows
from tests.faults.test_jobs_killed import kill_children, runner, state
from tests.stored_files import stored
from tests.unit.equal_sets import differences
from tests.unit.installations import installations
from tests.unit.whole_record import record_faults

KILLS, KILLS_BACK, STUDENTS = 10, 4, 60
TABLES = ("school", "person", "account", "role_assignment", "enrollment", "course", "guardianship", "imported_id")


def asked(database, kind, payload) -> str:
    return database.write(lambda uow: asking.ask(uow, kind, payload, operator().author).uid)


def killed_until_done(database, data: Path, uid: str, seed: int, most: int) -> int:
    """Let a job run to its end; the runner and its child are killed in turn at seeded moments. Returns how often."""
    random, kills = Random(seed), 0

    def reached(written: int) -> bool:
        row = state(database, uid)
        return row.written >= written or row.state not in OPEN

    with ExitStack() as stack:
        process = stack.enter_context(runner(database, data))
        for number in range(most):
            moment = state(database, uid).written + (random.randrange(1, 40) if number else 0)
            servers.wait_for(lambda moment=moment: reached(moment), f"step {moment}", 120)
            if state(database, uid).state not in OPEN:
                break
            if number % 2:
                kill_children(process.pid)
            else:
                process.kill()
                process.wait(timeout=10)
                process = stack.enter_context(runner(database, data))
            kills += 1
        servers.wait_for(lambda: state(database, uid).state not in OPEN, "its end", 180)
    return kills


def counts(database) -> dict[str, int]:
    return {name: rows(database, f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}


def exported(database, path: Path) -> Path:
    ((uid,),) = rows(database, "SELECT uid FROM school")
    export_oneroster(database, path, uid)
    return path


@pytest.mark.parametrize("seed", [33])
def test_a_set_whose_writing_is_killed_ten_times_is_the_same(templates, database_kind, tmp_path_factory, seed):
    """And taken back, killed again, leaves nothing of it."""
    data, out = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("out")
    roster = generate_oneroster(out / "set", STUDENTS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for path in roster.glob("*.csv"):
            target.write(path, path.name)
    with installations(templates, database_kind, tmp_path_factory) as at:
        whole, cut = at.open(SetClock(MONDAY)), at.open(SetClock(MONDAY))
        before = counts(cut)
        import_oneroster(whole, roster)
        file = stored(cut, FileStore(data / "files"), operator(), packed.getvalue(), SET, "set.zip")
        uid = asked(cut, IMPORT, SetAsked(file=file, name="set.zip"))
        kills = killed_until_done(cut, data, uid, seed, KILLS)
        assert (state(cut, uid).state, state(cut, uid).refused, kills) == (State.DONE, "", KILLS)
        assert counts(cut) == counts(whole)
        assert differences(exported(whole, out / "whole"), exported(cut, out / "cut")) == []
        assert record_faults(cut) == []
        assert cut.read(lambda one: list(verifying.verify(one))) == []
        assert cut.read(runs.open_runs) == []
        back = asked(cut, TAKING_BACK, TakingBackAsked(run=uid, name="set.zip"))
        kills = killed_until_done(cut, data, back, seed + 1, KILLS_BACK)
        assert (state(cut, back).state, state(cut, back).refused, kills) == (State.DONE, "", KILLS_BACK)
        assert counts(cut) == before
        assert record_faults(cut) == []
        assert cut.read(lambda one: list(verifying.verify(one))) == []
        assert cut.read(runs.open_runs) == []
        shutil.rmtree(plan.folder_of(cut.url), ignore_errors=True)
