"""What the system's administrator sets for signing in: how long sessions last, and when attempts are slowed down."""

from __future__ import annotations

from ais_app.i18n import _, ngettext
from ais_app.school_settings.registry import Group, Level, Setting, Words
from ais_app.school_settings.value_types import Whole


def _minutes(count: int) -> str:
    return ngettext("{count} minute", "{count} minutes", count)


def _hours(count: int) -> str:
    return ngettext("{count} hour", "{count} hours", count)


def _days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count)


def _attempts(count: int) -> str:
    return ngettext("{count} attempt", "{count} attempts", count)


def _of_installation(
    key: str, words: Words, explanation: Words, label: Words, shape: tuple[Whole, int, Words], source: str = "D-19"
) -> Setting[int]:
    """`shape`: the type, the usual value, and why it has these bounds."""
    kind, usual, bounds = shape
    return Setting(
        key,
        Group.ACCESS,
        words,
        explanation,
        label,
        kind,
        usual,
        bounds,
        source,
        dated=False,
        level=Level.INSTALLATION,
    )


def _nobody_near() -> str:
    return _("On a shared computer the next one sits down where somebody has left.")


def _lost() -> str:
    return _("A device that is lost must not stay signed in for long.")


SHARED_IDLE = _of_installation(
    "session_shared_idle_minutes",
    lambda: _("Shared computer: without use"),
    lambda: _("after how long without use a session on a shared computer ends"),
    lambda: _("Minutes without use"),
    (Whole(5, 120, _minutes), 30, _nobody_near),
)
SHARED_LONGEST = _of_installation(
    "session_shared_hours",
    lambda: _("Shared computer: at most"),
    lambda: _("how long a session on a shared computer lasts at most"),
    lambda: _("Hours"),
    (Whole(1, 24, _hours), 12, _nobody_near),
)
STAFF_IDLE = _of_installation(
    "session_staff_idle_hours",
    lambda: _("Own device of staff: without use"),
    lambda: _("after how long without use a session of staff on an own device ends"),
    lambda: _("Hours without use"),
    (Whole(1, 72, _hours), 12, _lost),
)
STAFF_LONGEST = _of_installation(
    "session_staff_days",
    lambda: _("Own device of staff: at most"),
    lambda: _("after how long staff give their password anew on an own device"),
    lambda: _("Days"),
    (Whole(1, 90, _days), 30, _lost),
)
FAMILY_IDLE = _of_installation(
    "session_family_idle_days",
    lambda: _("Own device of a family: without use"),
    lambda: _("after how long without use a session of a family on an own device ends"),
    lambda: _("Days without use"),
    (Whole(1, 90, _days), 30, _lost),
)
FAMILY_LONGEST = _of_installation(
    "session_family_days",
    lambda: _("Own device of a family: at most"),
    lambda: _("after how long a family gives its password anew on an own device"),
    lambda: _("Days"),
    (Whole(1, 365, _days), 180, _lost),
)
KNOWN_DEVICE = _of_installation(
    "known_device_days",
    lambda: _("Known device"),
    lambda: _(
        "how long a device is known on which somebody has signed in: there wrong attempts of others delay nobody"
    ),
    lambda: _("Days"),
    (Whole(30, 365, _days), 180, lambda: _("A month covers the holidays; after a year a device has another owner.")),
    "S-66",
)
FREE_ATTEMPTS = _of_installation(
    "free_attempts",
    lambda: _("Attempts before a pause"),
    lambda: _("after how many wrong passwords a login waits, longer each time"),
    lambda: _("Attempts"),
    (
        Whole(3, 10, _attempts),
        5,
        lambda: _("With fewer a slip of the hand locks people out, with more guessing becomes worth while."),
    ),
    "S-65",
)

SETTINGS = (
    SHARED_IDLE,
    SHARED_LONGEST,
    STAFF_IDLE,
    STAFF_LONGEST,
    FAMILY_IDLE,
    FAMILY_LONGEST,
    KNOWN_DEVICE,
    FREE_ATTEMPTS,
)
