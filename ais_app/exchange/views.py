"""The page of exchange in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ais_app.exchange import queries
from ais_app.exchange.files import PURPOSES
from ais_app.exchange.jobs import CHECK, EXPORT, IMPORT, JOBS, TAKING_BACK
from ais_app.files.queries import downloadable
from ais_app.i18n import _, moment_in_words
from ais_app.jobs.declared import JobKind
from ais_app.jobs.rules import OPEN, State
from ais_app.rights.reading import Reading
from ais_app.web.kit.options import OptionItem
from ais_app.web.kit.progress import Progress, how_far

NOTHING = Progress()


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
    """A job of the page. `state`: as of the row, "" = there is none. `file`: the address of what it offers to be
    downloaded, or "". `may_stop`; `may_go_on`, `may_go`: an import that is written further, or taken back.
    """

    uid: str = ""
    name: str = ""
    when: str = ""
    state: str = ""
    shown: Progress = NOTHING
    file: str = ""
    may_stop: bool = False
    may_go_on: bool = False
    may_go: bool = False


def shown(reading: Reading) -> dict[str, Any]:
    """The variables of the page: the last check with its report, the last import, its taking back, the last export."""
    rows = queries.jobs(reading)
    check, written, taken, exported = (_last(rows, kind) for kind in (CHECK, IMPORT, TAKING_BACK, EXPORT))
    if taken is not None and (written is None or _asked(taken)["run"] != written.uid):
        taken = None
    result = _result(check)
    ended = check is not None and check.state == State.DONE
    gone = taken is not None and taken.state == State.DONE
    used = check is not None and ended and written is not None and written.id > check.id and not gone
    problems = int(result.get("problems", 0))
    return {
        "status": "ready",
        "check": _job(reading, check, offers=True),
        "counts": _counts(result) if ended and not problems else [],
        "found": [FoundItem(str(f), str(r), str(c), str(t), str(s)) for f, r, c, t, s in result.get("rows", [])],
        "problems": problems,
        "may_write": ended and not problems and not used,
        "ends": ended and bool(result.get("ends")),
        "homerooms": int(result.get("homerooms", 0)),
        "year": _asked(check).get("year", ""),
        "years": _years(reading),
        "written": _written(reading, written, taken),
        "taken": _job(reading, taken),
        "exported": _job(reading, exported, offers=True),
        "schools": [SchoolItem(uid, name) for uid, name in queries.own_schools(reading)],
    }


def _last(rows: list[Any], kind: JobKind) -> Any:
    return next((row for row in rows if row.kind == kind.name), None)


def _result(row: Any) -> dict[str, Any]:
    return json.loads(row.result) if row is not None and row.result else {}


def _asked(row: Any) -> dict[str, Any]:
    return json.loads(row.payload) if row is not None else {}


def _years(reading: Reading) -> list[OptionItem]:
    """The present school year and its neighbours; the first choice is that of the set."""
    first = reading.today.year - (reading.today.month < 7)
    names = [f"{year}/{(year + 1) % 100:02}" for year in (first - 1, first, first + 1)]
    return [OptionItem("", _("as the set says")), *(OptionItem(name, name) for name in names)]


def _job(reading: Reading, row: Any, *, offers: bool = False, **more: Any) -> SetJob:
    """`offers`: its file can be fetched when it is done."""
    if row is None:
        return SetJob()
    there = offers and row.state == State.DONE and row.file
    there = there and downloadable(reading, row.file, {one.name: one for one in PURPOSES}) is not None
    when, name = moment_in_words(row.asked_at, reading.zone), _asked(row).get("name", "")
    file = f"/files/{row.file}" if there else ""
    may_stop = row.state in OPEN and not row.stop_asked
    return SetJob(row.uid, name, when, row.state, _progress(reading, row), file, may_stop, **more)


def _progress(reading: Reading, row: Any) -> Progress:
    kind = next(one for one in JOBS if one.name == row.kind)
    match row.state:
        case State.WAITING:
            return Progress("waiting")
        case State.RUNNING:
            total = row.total or 0
            done = min(row.done, total)
            seconds = (reading.now - row.started_at).total_seconds() if row.started_at else 0.0
            said = ": ".join(filter(None, (kind.steps(row.step), how_far(done, total, seconds))))
            return Progress("running", done, total, said)
        case State.DONE:
            return Progress("done", 1, 1, kind.said(_result(row)))
        case State.STOPPED:
            return Progress("stopped", row.done, row.total or 0)
    said = row.refused or _("A fault; in the log under the code {code}.").format(code=row.error_id)
    return Progress("failed", row.done, row.total or 0, said)


def _written(reading: Reading, row: Any, taken: Any) -> SetJob:
    """The last import; `taken`: the job that takes it back, or None."""
    if row is None:
        return SetJob()
    begun = queries.taken_back(reading, row.uid)
    cut_off = row.state in (State.FAILED, State.STOPPED)
    back = taken is not None and (taken.state in OPEN or taken.state == State.DONE)
    may_go = row.state not in OPEN and begun is not None and not back
    return _job(reading, row, offers=not back, may_go_on=cut_off and not begun and not back, may_go=may_go)


def _counts(result: dict[str, Any]) -> list[CountItem]:
    titles = {
        "added": _("Would be added"),
        "changed": _("Would be changed"),
        "left": _("Would be left"),
        "left_out": _("Not taken of the set"),
    }
    return [CountItem(title, str(result.get(name, ""))) for name, title in titles.items()]
