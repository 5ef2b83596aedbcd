"""Everything that runs a service runs on both databases."""

from __future__ import annotations

import pytest

from tests.databases import KINDS


@pytest.fixture(params=KINDS)
def database_kind(request) -> str:
    return request.param
