"""The pages that a role may open, as hits of the search."""

from __future__ import annotations

from collections.abc import Sequence

from ais_app.i18n import _, p_
from ais_app.people.searching import Hit, fits
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.web import menu


def pages_of(actor: Actor) -> list[Hit]:
    """The sections of the rail that the actor may open, then what belongs to the account."""
    sections = [one for one in menu.sections() if actor.may(Right(one.right))]
    go = p_("search", "page")
    return [
        *(Hit(key=one.href, href=one.href, title=one.label, go=go, icon=one.icon) for one in sections),
        Hit(key="/account", href="/account", title=_("Your account"), go=go, icon="shield"),
        Hit(key="/password", href="/password", title=_("Change the password"), go=go, icon="key"),
    ]


def own_pages(reading: Reading, words: Sequence[str]) -> list[Hit]:
    """Those of them with the words in their title."""
    return [one for one in pages_of(reading.actor) if fits(words, one.title)]
