"""Everything that runs a service runs on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ais_app.access.records import ACCOUNT, ROLE
from ais_app.db import Database
from ais_app.diary.records import RECORDS as DIARY
from ais_app.journal.room import ROOM
from tests.databases import KINDS
from tests.unit import tampering
from tests.unit.sets import SDS, SET12
from tests.unit.whole_record import record_faults

KEPT = (*ROOM.records, *DIARY)


@pytest.fixture(params=KINDS)
def database_kind(request) -> str:
    return request.param


@pytest.fixture
def copied(tmp_path) -> Path:
    return Path(shutil.copytree(SET12, tmp_path / "set"))


@pytest.fixture
def sds(tmp_path) -> Path:
    return Path(shutil.copytree(SDS, tmp_path / "sds"))


@pytest.fixture(autouse=True)
def _whole_record(request) -> Iterator[None]:
    """After a test with the small school the rows of the journal and the diary are what the ledger says.

    Not where the test itself writes past the ledger (`tampering.TAMPERED`).
    """
    database: Database | None = request.getfixturevalue("database") if "school" in request.fixturenames else None
    yield
    if database is not None and database not in tampering.TAMPERED:
        assert record_faults(database, KEPT) == []


@pytest.fixture
def teacher(school):
    return school.teacher()


@pytest.fixture
def write(school):
    return school.database.write


@pytest.fixture
def accounts_as_recorded(database) -> Iterator[None]:
    """When the test ends, accounts and roles are what the ledger says."""
    yield
    assert record_faults(database, (ACCOUNT, ROLE)) == []
