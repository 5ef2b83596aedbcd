"""The list of refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ais_app.access.list_address import ListPage, page_of
from ais_app.i18n import _, moment_in_words
from ais_app.refusals import queries
from ais_app.refusals.payloads import RefusalsAddress
from ais_app.rights.reading import Reading
from ais_app.web.kit.options import ConditionItem, OptionItem


@dataclass(frozen=True, slots=True)
class RefusalItem:
    """Refused attempts of one day, alike: when the last one came, what, at what, whose, from where, how often."""

    key: str
    last: str
    kind: str
    subject: str
    who: str
    network: str
    count: int


@dataclass(frozen=True, slots=True)
class Refusals:
    rows: list[RefusalItem]
    page: ListPage
    kinds: list[OptionItem]
    standing: list[ConditionItem]


_KINDS: dict[str, Callable[[], str]] = {
    "sign_in": lambda: _("a sign-in"),
    "present_password": lambda: _("the present password"),
    "busy": lambda: _("a secret while too many were checked"),
    "form": lambda: _("a form"),
    "frame": lambda: _("a frame of a page"),
    "event": lambda: _("an action of a page"),
    "payload": lambda: _("an action that cannot be read"),
    "course": lambda: _("somebody else's journal"),
    "cell": lambda: _("somebody else's cell"),
    "change": lambda: _("a change"),
    "undo": lambda: _("an undo"),
}


def kind_in_words(kind: str) -> str:
    return _KINDS[kind]() if kind in _KINDS else kind


def refusals(reading: Reading, asked: RefusalsAddress) -> Refusals:
    """Raises NotYours."""
    page = page_of(asked.number, queries.number(reading, asked))
    rows = [
        RefusalItem(
            key=str(row.id),
            last=moment_in_words(row.last_at, reading.zone),
            kind=kind_in_words(row.kind),
            subject=row.subject,
            who=row.login or row.account,
            network=row.network,
            count=row.count,
        )
        for row in queries.page(reading, asked, page.first)
    ]
    standing = [
        *([ConditionItem("q", _("Words"), asked.q)] if asked.q else []),
        *([ConditionItem("kind", _("What"), kind_in_words(asked.kind))] if asked.kind else []),
    ]
    return Refusals(rows, page, [OptionItem(one, kind_in_words(one)) for one in queries.kinds(reading)], standing)
