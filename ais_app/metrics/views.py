"""Alarms in words: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ais_app.i18n import _, decimal, ngettext, number, p_
from ais_app.metrics.rules import Alarm, Level, Name
from ais_app.web.alarms import AlarmItem

GIGABYTE = 1024**3


def shown(alarms: Sequence[Alarm]) -> list[AlarmItem]:
    return [_item(alarm) for alarm in alarms]


def _item(alarm: Alarm) -> AlarmItem:
    title, advice, address, link = _WORDS[alarm.name](alarm.value)
    return AlarmItem(alarm.name.value, alarm.level == Level.ACT, title, advice, address, link)


Words = tuple[str, str, str, str]  # what is wrong, what to do, the address of a page that helps, its name


def _refusals(count: int) -> Words:
    return (
        _("Refused attempts in ten minutes: {count}").format(count=number(count)),
        _(
            "Somebody tries what he may not, or a page is broken. The list names account and network: block the "
            "account, or shut the network out at the proxy."
        ),
        "/refusals",
        p_("page", "Refusals"),
    )


def _jobs(count: int) -> Words:
    return (
        ngettext("{count} job has failed", "{count} jobs have failed", count),
        _("Its reason stands in the log under the code that the list shows. Repeat it, or put it away."),
        "/jobs",
        p_("page", "Jobs"),
    )


def _disk(free: int) -> Words:
    size = decimal(round(free / GIGABYTE, 1))
    return (
        _("Free on the disk: {size} GB").format(size=size),
        _("When it is full, nothing can be written, not a single mark. Make room on the disk of the data folder."),
        "",
        "",
    )


def _clock(seconds: int) -> Words:
    return (
        _("The clock of the server is wrong by {time}").format(time=_for(seconds)),
        _(
            "It is behind what was written already, or differs from the database's. Set it by the network (NTP), and "
            "look at the last operations: their moments may be wrong."
        ),
        "/operations",
        p_("page", "Operations"),
    )


def _witness(seconds: int) -> Words:
    return (
        _("The witness has not been written for {time}").format(time=_for(seconds)),
        _(
            "What is done meanwhile nobody vouches for. The line «witness_not_written» in the log says why: a full "
            "disk, a folder that cannot be written, the copy on another machine, the key."
        ),
        "/integrity",
        _("Integrity"),
    )


def _check_found(count: int) -> Words:
    return (
        ngettext(
            "The last check of the record found {count} difference",
            "The last check of the record found {count} differences",
            count,
        ),
        _("Change nothing before you have looked: the page names each row and what was done to it."),
        "/integrity",
        _("Integrity"),
    )


def _check_failed(_one: int) -> Words:
    return (
        _("The last check of the record failed"),
        _("Whether the record is whole, nobody knows. Its reason stands in the log. Start it again."),
        "/integrity",
        _("Integrity"),
    )


def _check_missing(seconds: int) -> Words:
    return (
        _("The check of the record is late by {time}").format(time=_for(seconds)),
        _("No server runs jobs (AIS_JOBS_AT_ONCE, `ais worker`), or another job takes all the time."),
        "/jobs",
        p_("page", "Jobs"),
    )


_WORDS = {
    Name.REFUSALS: _refusals,
    Name.JOBS: _jobs,
    Name.DISK: _disk,
    Name.CLOCK: _clock,
    Name.WITNESS: _witness,
    Name.CHECK_FOUND: _check_found,
    Name.CHECK_FAILED: _check_failed,
    Name.CHECK_MISSING: _check_missing,
}


def _for(seconds: int) -> str:
    """«12 минут», «3 часа», «2 дня»: the largest whole unit."""
    minutes = max(1, seconds // 60)
    if minutes < 120:
        return ngettext("{count} minute", "{count} minutes", minutes)
    hours = minutes // 60
    return (
        ngettext("{count} hour", "{count} hours", hours)
        if hours < 48
        else ngettext("{count} day", "{count} days", hours // 24)
    )
