"""How much a property test tries: the profile of hypothesis decides, `ci` by default and `deep` for `make deep`."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

USUAL = 100
_checks: Any = HealthCheck  # the list is made by a class of its own, without those that are no more
EVERY_CHECK: list[HealthCheck] = list(_checks)


def examples(number: int) -> int:
    """For a test that cannot afford the usual hundred examples: `number`, and as many times more as the profile is deeper."""
    usual = settings.default
    assert usual is not None
    return number * usual.max_examples // USUAL
