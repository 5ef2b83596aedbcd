"""`kill -9` while files are stored: each is whole with its row or not there, and what is left over goes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from random import Random

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.files import checking, removing, service
from ais_app.files.models import StoredFile
from ais_app.files.store import FORGOTTEN_SECONDS, FileStore
from tests.servers import ROOT

_file = table(StoredFile)
KILLS = 6


def test_a_server_killed_while_it_stores_leaves_no_file_half(database, tmp_path, clock):
    store, random, said = FileStore(tmp_path / "files"), Random(7), []
    url = database.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        command = [sys.executable, "-m", "tests.faults.storing", url, str(store.folder), str(kill)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        said += [child.stdout.readline().strip() for _number in range(random.randint(1, 8))]
        time.sleep(random.random() / 50)
        child.kill()
        said += [one for one in child.stdout.read().split() if len(one) == 16]
        child.wait()
        database.write(lambda uow: uow.execute(_file.delete().where(_file.c.sha256 == "")))  # as after their term
    found = [one.code for one in checking.check(store, database)]
    assert set(found) <= {"without_row"}
    rows = database.read(lambda one: one.execute(select(_file.c.uid, _file.c.sha256)).all())
    assert set(said) <= {row.uid for row in rows}
    assert all(store.digest(row.sha256) == row.sha256 for row in rows)
    old = time.time() - FORGOTTEN_SECONDS - 1
    for path in (store.folder / "incoming").iterdir():
        os.utime(path, (old, old))
    assert removing.sweep(store, database) == len(found)
    assert list(checking.check(store, database)) == []
    assert list((store.folder / "incoming").iterdir()) == []
    assert service.AT_ONCE < KILLS
