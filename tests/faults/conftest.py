"""Faults: what breaks under the product must lose nothing. Both databases, real servers, real clients."""

from __future__ import annotations

import pytest

from tests.databases import KINDS


@pytest.fixture(params=KINDS)
def database_kind(request) -> str:
    return request.param
