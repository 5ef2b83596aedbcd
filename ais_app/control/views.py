"""What the page «Проверка» shows: the steps of the check, the heads of the chains, and what was found, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ais_app.clock import local_date
from ais_app.control.jobs import VERIFICATION, VerificationAsked
from ais_app.control.queries import integrity
from ais_app.control.queries.integrity import ChainHead
from ais_app.control.verification import CHAINS, GUARDS, RECORD, REFUSALS, WITNESS
from ais_app.history.queries.names import named, refs_of
from ais_app.history.views import history_address
from ais_app.history.words import entity_in_words
from ais_app.i18n import _, day_and_month, moment_in_words, ngettext, number
from ais_app.job_list.views import asked_by, authors_of, moment_said, shown_state
from ais_app.jobs.rules import OPEN, State
from ais_app.ledger.service import INSTALLATION
from ais_app.records import RECORDS
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right

WAITING, RUNNING, WHOLE, BROKEN = "", "running", "whole", "broken"


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


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A check that was asked for: when and by whom, its state (that of a job, or `found`), what came of it."""

    when: str
    who: str
    state: str
    said: str


def shown(reading: Reading) -> dict[str, Any]:
    """The variables of the page: the check that runs, else what the last one found, and those before it."""
    own, rows = integrity.own_school(reading), integrity.checks(reading)
    open_one = next((row for row in rows if row.state in OPEN and row.school == own), None)
    ended = next((row for row in rows if row.state in (State.DONE, State.FAILED)), None)
    nothing = {"verdict": "", "checked": "", "count": "", "more": "", "faults": [], "steps": steps()}
    return {
        **nothing,
        **(_outcome(reading, ended, own) if ended is not None and open_one is None else {}),
        **({"steps": steps(open_one.step)} if open_one is not None else {}),
        "busy": open_one is not None,
        "waiting": open_one is not None and open_one.state == State.WAITING,
        "chains": chain_items(integrity.own_chains(reading)),
        "checks": _check_items(reading, rows, own),
    }


def _outcome(reading: Reading, row: Any, own: str) -> dict[str, Any]:
    """What a check found. One of the whole installation says nothing of its rows to whoever looks after one school."""
    checked = _checked(reading, row)
    if row.state == State.FAILED:
        return {"verdict": "failed", "checked": checked}
    result = json.loads(row.result)
    if row.school != own and result["faults"]:
        return {"verdict": "elsewhere", "checked": checked}
    kept, left = result["kept"], result["faults"] - len(result["kept"])
    return {
        "verdict": "broken" if result["faults"] else "whole",
        "checked": checked,
        "steps": ended(result["counts"]),
        "faults": fault_items(reading, kept),
        "count": ngettext("{count} difference", "{count} differences", result["faults"]) if result["faults"] else "",
        "more": ngettext("and {count} more", "and {count} more", left) if left else "",
    }


def _checked(reading: Reading, row: Any) -> str:
    """When a check ended, and of what is new alone since when."""
    ended_at, since = (
        moment_in_words(row.ended_at, reading.zone),
        VerificationAsked.model_validate_json(row.payload).since,
    )
    if since is None:
        return ended_at
    day = day_and_month(local_date(since, reading.zone))
    return _("{moment}, only what was done since {day}").format(moment=ended_at, day=day)


def _check_items(reading: Reading, rows: Sequence[Any], own: str) -> list[CheckItem]:
    names = named(reading, authors_of(rows))
    return [
        CheckItem(
            moment_said(row.ended_at or row.asked_at, reading.now, reading.zone),
            asked_by(row, names),
            shown_state(VERIFICATION, row),
            VERIFICATION.said(json.loads(row.result)) if row.state == State.DONE and row.school == own else "",
        )
        for row in rows
    ]


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
