"""What the search finds of the help."""

from __future__ import annotations

from collections.abc import Sequence

from ais_app.help.topics import for_roles
from ais_app.people.searching import Hit, fits
from ais_app.rights.reading import Reading


def topics(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """The topics for the worn roles with the words in their titles, then those that are about them."""
    found = [one for one in for_roles(reading.hat.roles) if fits(words, one.title, one.about)]
    return [one.hit for one in sorted(found, key=lambda one: not fits(words, one.title))]
