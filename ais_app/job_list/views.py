"""Jobs in words, ready to be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import ValidationError

from ais_app.clock import local_date, local_time
from ais_app.history.queries.names import Named, Ref, named
from ais_app.history.words import hat_in_words, person_of
from ais_app.i18n import _, clock_time, moment_in_words, ngettext, number, p_
from ais_app.job_list import queries
from ais_app.jobs.declared import JobKind
from ais_app.jobs.rules import ENDED, OPEN, State
from ais_app.rights.reading import Reading
from ais_app.web.kit.progress import how_far

Tab = Literal["", "open", "failed"]
STATES: Mapping[Tab, tuple[str, ...]] = {
    "": (),
    "open": (State.WAITING, State.RUNNING),
    "failed": (State.FAILED,),
}


@dataclass(frozen=True, slots=True)
class JobItem:
    """A job of the list; `done` of `total` (0 = not known) of one that is open.

    `action`: stop, repeat, download, show or ""; `href` for the last two.
    """

    uid: str
    title: str
    about: str
    is_open: bool
    done: int
    total: int
    said: str
    wrong: bool
    state: str
    action: str
    href: str
    may_be_put_away: bool


def items(reading: Reading, kinds: Mapping[str, JobKind], tab: Tab) -> list[JobItem]:
    rows = queries.listed(reading, kinds, STATES[tab])
    names = named(reading, authors_of(rows))
    return [_item(reading, kinds[row.kind], row, names) for row in rows]


def tabs(counted: Mapping[str, int]) -> dict[str, str]:
    """{tab: how many}, as texts."""
    return {tab or "all": str(sum(counted.get(one, 0) for one in states or State)) for tab, states in STATES.items()}


def asked_by(row: Any, names: Named) -> str:
    """Who asked for a job: «Орлова Н. В.»; the schedule; whoever gives commands on the server."""
    if row.account in _NOBODY:
        return _NOBODY[row.account]()
    return names.get(_author(row)) or hat_in_words(row.hat)


def moment_said(moment: datetime, now: datetime, zone: str) -> str:
    """«сегодня 14:12», «21 декабря, 11:20»."""
    if local_date(moment, zone) == local_date(now, zone):
        return _("today {time}").format(time=clock_time(local_time(moment, zone)))
    return moment_in_words(moment, zone)


def _item(reading: Reading, kind: JobKind, row: Any, names: Named) -> JobItem:
    state = shown_state(kind, row)
    about = f"{asked_by(row, names)}, {moment_said(row.asked_at, reading.now, reading.zone)}"
    action = _action(kind, row)
    return JobItem(
        row.uid,
        _title(kind, row.payload),
        about,
        row.state in OPEN,
        min(row.done, row.total),
        row.total or int(row.state == State.WAITING),
        _said(reading, kind, row),
        row.state == State.FAILED,
        state,
        action,
        {"show": kind.shown_at, "download": f"/files/{row.file}"}.get(action, ""),
        row.state in ENDED,
    )


def shown_state(kind: JobKind, row: Any) -> str:
    """The state of the badge: that of the row, `found` for one that has found something."""
    return "found" if row.state == State.DONE and kind.found(result_of(row)) else row.state


def result_of(row: Any) -> dict[str, Any]:
    return json.loads(row.result) if row.result else {}


def _title(kind: JobKind, payload: str) -> str:
    try:
        return kind.words(kind.payload.model_validate_json(payload))
    except ValidationError:  # of another version
        return kind.name


def _action(kind: JobKind, row: Any) -> str:
    if row.state in (State.WAITING, State.RUNNING):
        return "" if row.stop_asked else "stop"
    if row.state in (State.FAILED, State.STOPPED):
        return "repeat"
    if row.file:
        return "download"
    return "show" if kind.shown_at else ""


def _said(reading: Reading, kind: JobKind, row: Any) -> str:
    if row.state == State.WAITING:
        count = queries.before(reading, row)
        return ngettext("in the queue, {count} job before it", "in the queue, {count} jobs before it", count)
    if row.state == State.RUNNING:
        return _("It is being stopped") if row.stop_asked else _progress(reading, kind, row)
    if row.state == State.DONE:
        return ", ".join(filter(None, (kind.said(result_of(row)), _took(row))))
    if row.state == State.STOPPED:
        return _written(row)
    if row.refused:
        return f"{row.refused} {_written(row)}".strip()
    return _("A fault; in the log under the code {code}.").format(code=row.error_id) + " " + _written(row)


def _progress(reading: Reading, kind: JobKind, row: Any) -> str:
    step = kind.steps(row.step)
    seconds = (reading.now - row.started_at).total_seconds() if row.started_at else 0
    said = how_far(min(row.done, row.total), row.total, seconds)
    return f"{step}: {said}" if step and said else step or said


def _took(row: Any) -> str:
    seconds = round((row.ended_at - row.started_at).total_seconds()) if row.ended_at and row.started_at else 0
    if seconds < 90:
        return ngettext("took {count} second", "took {count} seconds", max(1, seconds))
    return ngettext("took {count} minute", "took {count} minutes", round(seconds / 60))


def _written(row: Any) -> str:
    if not row.written:
        return _("Nothing was written.")
    if row.written <= row.total:  # which may be no more than a guess
        return _("Written: {done} of {total}.").format(done=number(row.written), total=number(row.total))
    return _("Written: {done}.").format(done=number(row.written))


def _author(row: Any) -> Ref:
    person = person_of(row.hat)
    return Ref("person", person) if person else Ref("account", row.account)


_NOBODY = {
    "server": lambda: p_("job", "by schedule"),
    "operator": lambda: _("Server console"),
}


def authors_of(rows: Sequence[Any]) -> list[Ref]:
    return [_author(row) for row in rows if row.account not in _NOBODY]
