"""Edit windows and openings in words: why something cannot be written, until when it can, what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ais_app.clock import SchoolMoment, school_moment
from ais_app.i18n import _, clock_time, day_and_month, day_range, moment_in_words
from ais_app.journal.windows.queries.openings import Asking, NamedOpening, OpenColumns, Opener, OwnRequest
from ais_app.journal.windows.rules import ColumnState, Opening


@dataclass(frozen=True, slots=True)
class AskingView:
    """About a lesson whose window is over, in words: what was asked and answered, until when it is or was open.

    `may`: the reader may ask for it now. `waiting`: the uid of his request that nobody has answered.
    """

    may: bool = False
    waiting: str = ""
    asked: str = ""
    declined: str = ""
    opened: str = ""
    reason: str = ""
    ended: str = ""


def why_not(state: ColumnState, last_day: date) -> str:
    """The reason a column cannot be written; `last_day` = of its edit window."""
    if state is ColumnState.CLOSED:
        return _("The period is closed.")
    if state is ColumnState.FUTURE:
        return _("This lesson has not taken place yet.")
    if state is ColumnState.LOCKED:
        return _("The term for changes ended on {day}.").format(day=day_and_month(last_day))
    return ""


def why_shut(last: Opening | None, why: str, at: SchoolMoment, zone: str) -> str:
    """Why something cannot be written (`why`), and, where an opening has ended, that it was open until then."""
    if last is None:
        return why
    said = _("It was open until {until}, this came later.").format(until=term_in_words(last.until, at, zone))
    return f"{said} {why}"


def term_in_words(until: datetime, at: SchoolMoment, zone: str) -> str:
    """«14:35» of today, «25 ноября, 14:35» of another day."""
    day = school_moment(until, zone).day
    return clock_time(until.astimezone(ZoneInfo(zone))) if day == at.day else moment_in_words(until, zone)


def opening_in_words(opening: NamedOpening, at: SchoolMoment, zone: str) -> str:
    """«19 ноября открыто до 14:35 (Белова И. С.)»."""
    days = opening.rule.days
    said = _("{days} is open until {until} ({who}).").format(
        days=day_and_month(days.first) if days.first == days.last else day_range(days.first, days.last),
        until=term_in_words(opening.rule.until, at, zone),
        who=opening.who,
    )
    return said + (" " + _("Only for {name}.").format(name=opening.pupil) if opening.pupil else "")


def opener_in_words(opener: Opener | None) -> str:
    """«Белова И. С., reason», or nothing."""
    return f"{opener.who}, {opener.reason}" if opener else ""


def sheet_openings(opened: Sequence[OpenColumns], at: SchoolMoment, zone: str) -> dict[str, Any]:
    """What openings add to a sheet: {"openings": [{until, about, student, columns, may}]}, nothing where there is none.

    `columns`: indices of those that it lets be written until the moment `until` (ms); `may`: the reader himself may.
    """
    if not opened:
        return {}
    return {
        "openings": [
            {
                "until": int(one.opening.rule.until.timestamp() * 1000),
                "about": opening_in_words(one.opening, at, zone),
                "student": one.opening.rule.pupil,
                "columns": list(one.columns),
                "may": one.may,
            }
            for one in opened
        ]
    }


def asking_view(asking: Asking, at: SchoolMoment, zone: str) -> AskingView:
    """Openings and the own request of a lesson in words."""
    lasting = [one for one in asking.near if at.now < one.rule.until]
    return AskingView(
        may=asking.may,
        opened=" ".join(opening_in_words(one, at, zone) for one in lasting),
        reason="; ".join(dict.fromkeys(one.reason for one in lasting)),
        ended="" if lasting else _ended(asking.near, at, zone),
        **_asked(asking.request, zone),
    )


def _ended(over: Sequence[NamedOpening], at: SchoolMoment, zone: str) -> str:
    if not over:
        return ""
    last = max(over, key=lambda one: one.rule.until)
    return _("It was open until {until} ({who}).").format(until=term_in_words(last.rule.until, at, zone), who=last.who)


def _asked(request: OwnRequest | None, zone: str) -> dict[str, str]:
    """`waiting`, `asked` and `declined` of an AskingView, those that are not empty."""
    if request is None:
        return {}
    asked = _("The request was sent on {when}: {reason}").format(
        when=moment_in_words(request.asked_at, zone), reason=request.reason
    )
    if request.decided_at is None:
        return {"waiting": request.uid, "asked": asked}
    if request.verdict != "declined":
        return {}
    declined = _("Declined on {when} by {who}: {answer}").format(
        when=moment_in_words(request.decided_at, zone), who=request.who, answer=request.answer
    )
    return {"asked": asked, "declined": declined}
