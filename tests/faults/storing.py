"""Stores files one after another until it is killed: `python -m tests.faults.storing DATABASE FOLDER SEED`."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from ais_app.db import Database
from ais_app.files import service
from ais_app.files.content.types import FileType
from ais_app.files.purposes import Purpose
from ais_app.files.store import FileStore
from ais_app.rights.rules import Right, operator

TEXTS = Purpose("texts", lambda: "Texts", frozenset({FileType.TEXT}), 100_000, 14, Right.SET_UP_SCHOOL)


def store_files(database: Database, store: FileStore, seed: str) -> None:
    for number in count():
        uid = database.write(lambda uow: service.reserve(uow, operator(), TEXTS, 50_000))
        incoming = store.incoming()
        for _portion in range(10):
            incoming.write(f"{seed} {number}\n".encode().ljust(4_000, b"."))
        with store.taken_in(incoming, TEXTS) as content, store.placed(content):
            database.write(
                lambda uow, uid=uid, content=content: service.complete(uow, operator(), uid, TEXTS, content, "a.txt")
            )
        sys.stdout.write(f"{uid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    store_files(Database(sys.argv[1]), FileStore(Path(sys.argv[2])), sys.argv[3])
