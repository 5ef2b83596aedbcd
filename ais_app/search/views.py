"""What the dialog of the search reads: sections with hits, the found letters told apart, and its own words."""

from __future__ import annotations

from typing import Any

from ais_app.access.queries import is_own_device
from ais_app.help.keys import search_keys
from ais_app.help.topics import for_roles
from ais_app.i18n import _, forms, language, p_
from ais_app.people.searching import Hit, marked
from ais_app.rights.reading import Reading
from ais_app.search.finding import Found, find, sources_of
from ais_app.search.own_pages import pages_of
from ais_app.web.icon_paths import PATHS

USUAL = 5


def found(reading: Reading, typed: str, section: str) -> dict[str, Any]:
    """What is found, as the dialog shows it; with nothing typed, what it needs to open."""
    if not typed.strip():
        return _opening(reading)
    result: Found = find(reading, typed, section)
    return {
        "similar": result.similar,
        "sections": [
            {
                "name": one.name,
                "label": one.label,
                "total": one.total,
                "hits": [_hit(hit, result.words) for hit in one.hits],
            }
            for one in result.sections
        ],
    }


def _opening(reading: Reading) -> dict[str, Any]:
    """`kept`: this device is the person's own, so that what was opened may be remembered on it."""
    names = {one.section: one.label for one in sources_of(reading)}
    usual = [*pages_of(reading.actor)[:USUAL], *(one.hit for one in for_roles(reading.hat.roles)[:1])]
    return {
        "account": f"{reading.actor.account_uid}:{reading.hat.key}",
        "kept": is_own_device(reading),
        "sections": list(names.items()),
        "usual": [_hit(one, ()) for one in usual],
        "words": _words(reading),
    }


def _hit(hit: Hit, words: tuple[str, ...]) -> dict[str, Any]:
    shown = {
        "key": hit.key,
        "href": hit.href,
        "title": marked(words, hit.title),
        "line": marked(words, hit.line) if hit.line else [],
        "go": hit.go,
        "letters": hit.letters,
        "icon": PATHS.get(hit.icon, ""),
    }
    return {name: value for name, value in shown.items() if value}


def _words(reading: Reading) -> dict[str, Any]:
    people = any(one.section == "people" for one in sources_of(reading))
    return {
        "lang": language(),
        "title": p_("search", "Search"),
        "label": _("Find"),
        "hint": _("Name, class, subject or question") if people else _("Subject, page or question"),
        "close": _("Close"),
        "where": _("Where to look"),
        "all": p_("search", "Everything"),
        "found": p_("search", "Found"),
        "recent": p_("search", "Recent"),
        "usual": p_("search", "Usual"),
        "more": forms("{count} more", "{count} more of them"),
        "count": forms("{count} is found", "{count} are found"),
        "nothing": _("«{text}» is not found"),
        "nothingHint": _("Try the beginning of a word, or fewer words."),
        "similar": _("Perhaps one of these:"),
        "lost": _("No connection. What was opened before:"),
        "lostPlain": _("No connection. The search works again when it is back."),
        "refused": _("The search is busy. Try again in a moment."),
        "again": _("Try again"),
        "ended": _("The session is over. Sign in again."),
        "keys": search_keys(),
        "also": [[_("7a al"), _("a class and the beginning of a word")], ["fk", _("the other keyboard layout, too")]],
    }
