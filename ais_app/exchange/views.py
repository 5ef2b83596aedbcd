"""The page of exchange in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ais_app.exchange import queries
from ais_app.exchange.files import PURPOSES
from ais_app.exchange.jobs import CHECK, EXPORT, IMPORT
from ais_app.files.queries import downloadable
from ais_app.i18n import _, moment_in_words, number
from ais_app.jobs.rules import OPEN, State
from ais_app.rights.reading import Reading


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A row of a report: where it was found, and what; `sort`: problem or note."""

    file: str
    row: str
    column: str
    text: str
    sort: str


@dataclass(frozen=True, slots=True)
class CountItem:
    """What would be added, changed, left: a heading and what is counted."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SchoolItem:
    uid: str
    name: str


@dataclass(frozen=True, slots=True)
class SetJob:
    """A job of the page. `state`: as of the row, "" = there is none. `percent` -1 = no bar. `file`: the address of what
    it offers to be downloaded, or "". `may_go_on`, `may_go`: an import that is written further, or taken back.
    """

    uid: str = ""
    name: str = ""
    when: str = ""
    state: str = ""
    said: str = ""
    percent: int = -1
    file: str = ""
    may_go_on: bool = False
    may_go: bool = False


def shown(reading: Reading) -> dict[str, Any]:
    """The variables of the page: the last check with its report, the last import, the last export."""
    rows = queries.jobs(reading)
    check, written, exported = (_last(rows, kind.name) for kind in (CHECK, IMPORT, EXPORT))
    result = _result(check)
    ended = check is not None and check.state == State.DONE
    used = written is not None and check is not None and _file(written) == _file(check)
    return {
        "status": "ready",
        "check": _check(reading, check),
        "counts": _counts(result) if ended else [],
        "found": [FoundItem(str(f), str(r), str(c), str(t), str(s)) for f, r, c, t, s in result.get("rows", [])],
        "problems": int(result.get("problems", 0)),
        "may_write": ended and not result.get("problems") and not used,
        "written": _written(reading, written),
        "exported": _exported(reading, exported),
        "schools": [SchoolItem(uid, name) for uid, name in queries.own_schools(reading)],
    }


def _last(rows: list[Any], kind: str) -> Any:
    return next((row for row in rows if row.kind == kind), None)


def _result(row: Any) -> dict[str, Any]:
    return json.loads(row.result) if row is not None and row.result else {}


def _file(row: Any) -> str:
    return json.loads(row.payload)["file"]


def _job(reading: Reading, row: Any, *, offers: bool = False, **more: Any) -> SetJob:
    if row is None:
        return SetJob()
    percent = -1
    if row.state in OPEN:
        percent = min(100, row.done * 100 // row.total) if row.total else 0
    there = offers and row.file and downloadable(reading, row.file, {one.name: one for one in PURPOSES}) is not None
    offered = f"/files/{row.file}" if there else ""
    when = moment_in_words(row.asked_at, reading.zone)
    name = json.loads(row.payload).get("name", "")
    return SetJob(row.uid, name, when, row.state, _said(row), percent, offered, **more)


def _said(row: Any) -> str:
    kind = next(one for one in (CHECK, IMPORT, EXPORT) if one.name == row.kind)
    match row.state:
        case State.WAITING:
            return _("It waits for its turn")
        case State.RUNNING:
            done = _("{done} of {total}").format(done=number(row.done), total=number(row.total)) if row.total else ""
            return ": ".join(filter(None, (kind.steps(row.step), done)))
        case State.DONE:
            return kind.said(_result(row))
        case State.STOPPED:
            return _("It was stopped.")
    return row.refused or _("A fault; in the log under the code {code}.").format(code=row.error_id)


def _check(reading: Reading, row: Any) -> SetJob:
    return _job(reading, row, offers=row is not None and row.state == State.DONE)


def _written(reading: Reading, row: Any) -> SetJob:
    if row is None:
        return SetJob()
    taken = queries.taken_back(reading, row.uid)
    over = row.state not in OPEN
    cut_off = row.state in (State.FAILED, State.STOPPED)
    return _job(
        reading, row, offers=row.state == State.DONE, may_go_on=cut_off and not taken, may_go=over and taken is not None
    )


def _exported(reading: Reading, row: Any) -> SetJob:
    return _job(reading, row, offers=row is not None and row.state == State.DONE)


def _counts(result: dict[str, Any]) -> list[CountItem]:
    titles = {
        "added": _("Would be added"),
        "changed": _("Would be changed"),
        "left": _("Would be left"),
        "left_out": _("Not taken of the set"),
    }
    return [CountItem(title, str(result.get(name, ""))) for name, title in titles.items()]
