"""A school of their own for the tests of this folder: they change marks and lessons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import School, school_of_its_own


@pytest.fixture(scope="package")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks and lessons: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)
