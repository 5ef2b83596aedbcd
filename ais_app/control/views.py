"""What the page «Проверка» shows: the steps of the check, the heads of the chains, and what was found, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ais_app.control.queries.integrity import ChainHead
from ais_app.control.verification import CHAINS, GUARDS, RECORD, REFUSALS, WITNESS
from ais_app.history.queries.names import named, refs_of
from ais_app.history.views import history_address
from ais_app.history.words import entity_in_words
from ais_app.i18n import _, ngettext, number
from ais_app.ledger.service import INSTALLATION
from ais_app.records import RECORDS
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right

WAITING, RUNNING, WHOLE, BROKEN = "", "running", "whole", "broken"
MOST_SHOWN = 50  # faults


@dataclass(frozen=True, slots=True)
class StepItem:
    """A step of the check. `state`: waiting, running, whole or broken; `found`: how many faults, in words."""

    key: str
    icon: str
    title: str
    about: str
    state: str = WAITING
    found: str = ""


@dataclass(frozen=True, slots=True)
class ChainItem:
    name: str
    count: str
    hash: str


@dataclass(frozen=True, slots=True)
class FaultItem:
    """A row that is not as it was written: what it is called, what is wrong, the address of its history or ""."""

    title: str
    said: str
    history: str


def steps(key: str = "", faults: Mapping[str, int] | None = None) -> list[StepItem]:
    """The steps of the check; `key`: the one that runs, "" = none has begun. `faults`: what was found in each."""
    found = faults or {}
    words = (
        (
            GUARDS,
            "key",
            _("What guards the record"),
            _("Triggers, roles and keys are as they were made."),
        ),
        (WITNESS, "eye", _("The witness"), _("What was signed outside the database each minute is what stands in it.")),
        (REFUSALS, "shield", _("Refused attempts"), _("Their number of each day is the one that was counted.")),
        (RECORD, "journal", _("The record"), _("Marks, lessons, people, roles are gathered anew from the operations.")),
        (CHAINS, "swap", _("The chain"), _("Each operation holds the fingerprint of the one before it.")),
    )
    keys = [one[0] for one in words]
    begun = keys.index(key) if key in keys else -1
    return [
        StepItem(name, icon, title, about, _state(place, begun, found.get(name, 0)), _found(found.get(name, 0)))
        for place, (name, icon, title, about) in enumerate(words)
    ]


def ended(faults: Mapping[str, int]) -> list[StepItem]:
    """The steps of a check that is over."""
    return [
        StepItem(one.key, one.icon, one.title, one.about, BROKEN if faults.get(one.key) else WHOLE, one.found)
        for one in steps("", faults)
    ]


def _state(place: int, begun: int, faults: int) -> str:
    if faults:
        return BROKEN
    if place == begun:
        return RUNNING
    return WHOLE if place < begun else WAITING


def _found(faults: int) -> str:
    return ngettext("{count} difference", "{count} differences", faults) if faults else ""


def chain_items(heads: Sequence[ChainHead]) -> list[ChainItem]:
    return [ChainItem(_chain_name(one.chain), number(one.length), _short(one.hash)) for one in heads]


def _chain_name(chain: str) -> str:
    return _("Accounts of the installation") if chain == INSTALLATION else _("Journal of the school")


def _short(digest: str) -> str:
    """A fingerprint as people compare it: its first eight and last four signs."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"


def fault_items(reading: Reading, faults: Sequence[Mapping[str, Any]]) -> list[FaultItem]:
    """Faults of `verification.check` in words; names only for who may see them."""
    refs = {index: refs_of(fault["table"], fault["row"]) for index, fault in enumerate(faults)}
    names = named(reading, [ref for some in refs.values() for ref in some])
    sees = reading.actor.may(Right.SEE_OPERATIONS)
    items: list[FaultItem] = []
    for index, fault in enumerate(faults):
        called = ", ".join(names[ref] for ref in refs[index] if ref in names) or fault["row"]
        known = fault["table"] in RECORDS and sees
        title = f"{entity_in_words(fault['table'])}: {called}"
        items.append(FaultItem(title, fault["what"], history_address(fault["table"], fault["row"]) if known else ""))
    return items
