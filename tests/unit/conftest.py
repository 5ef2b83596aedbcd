"""Everything that runs a service runs on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.databases import KINDS
from tests.unit.sets import SDS, SET12


@pytest.fixture(params=KINDS)
def database_kind(request) -> str:
    return request.param


@pytest.fixture
def copied(tmp_path) -> Path:
    return Path(shutil.copytree(SET12, tmp_path / "set"))


@pytest.fixture
def sds(tmp_path) -> Path:
    return Path(shutil.copytree(SDS, tmp_path / "sds"))


@pytest.fixture
def teacher(school):
    return school.teacher()


@pytest.fixture
def write(school):
    return school.database.write
