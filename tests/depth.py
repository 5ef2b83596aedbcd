"""How much a property test tries: the profile of hypothesis decides, `ci` by default and `deep` for `make deep`."""

from __future__ import annotations

from hypothesis import settings

USUAL = 100


def examples(number: int) -> int:
    """For a test that cannot afford the usual hundred examples: `number`, and as many times more as the profile is deeper."""
    return number * settings.default.max_examples // USUAL
