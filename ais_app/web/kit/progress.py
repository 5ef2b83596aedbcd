"""Progress of something long: a bar, how much of it is done, about how long the rest takes, what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from ais_app.i18n import _
from ais_app.web.icons import icon
from ais_app.web.variables import one_of

MINUTE = 60.0  # seconds
SOON = 2.0  # seconds after which the rest can be guessed


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` parts; `total` = 0: nobody knows yet. `text` is the sentence beneath the bar."""

    stage: Literal["waiting", "running", "done", "stopped", "failed"] = "waiting"
    done: int = 0
    total: int = 0
    text: str = ""


def running(done: int, total: int, seconds: float) -> Progress:
    """Of something that has been running for so many seconds."""
    return Progress("running", done, total, how_far(done, total, seconds))


def how_far(done: int, total: int, seconds: float) -> str:
    """«11 из 25, осталось около 25 с»; without the rest while it cannot be guessed. Raises ValueError: done > total."""
    if not 0 <= done <= total:
        msg = f"{done} of {total}"
        raise ValueError(msg)
    if not total:
        return ""
    so_far = _("{done} of {total}").format(done=done, total=total)
    if not done or done == total or seconds < SOON:
        return so_far
    return _("{so_far}, about {rest} left").format(so_far=so_far, rest=span(seconds / done * (total - done)))


def span(seconds: float) -> str:
    """A span as one reads it from a clock: seconds by fives, minutes, hours and tens of minutes; always upwards."""
    if seconds <= 1.5 * MINUTE:
        return _("{count} s").format(count=max(5, -int(-seconds // 5) * 5))
    minutes = -int(-seconds // MINUTE)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    minutes = -(-minutes // 10) * 10
    hours = _("{count} h").format(count=minutes // 60)
    return f"{hours} {_('{count} min').format(count=minutes % 60)}" if minutes % 60 else hours


def bar(label: Any, done: Any, total: Any) -> rx.Component:
    """The bar alone; `total` = 0: nobody knows yet."""
    return rx.el.progress(
        value=rx.cond(total > 0, done, None),
        max=rx.cond(total > 0, total, 1),
        class_name="kbar",
        custom_attrs={"aria-label": label},
    )


def progress(label: Any, shown: Any, *actions: rx.Component, test_id: str) -> rx.Component:
    """`shown`: a variable with a `Progress`. `actions`: buttons at its end, such as to stop it or to try again.

    Read aloud is the stage, each time that it changes; the figures are there to be read, and are not announced.
    """
    full = rx.el.progress(value=1, max=1, class_name="kbar", custom_attrs={"aria-label": label})
    return rx.el.div(
        rx.el.div(
            rx.el.b(label),
            rx.el.span(
                one_of(
                    shown.stage,
                    ("running", rx.el.span(_("Running"), class_name="badge info")),
                    ("done", rx.el.span(icon("check"), _("Done"), class_name="badge ok")),
                    ("stopped", rx.el.span(_("Stopped"), class_name="badge warn")),
                    ("failed", rx.el.span(icon("alert"), _("Failed"), class_name="badge danger")),
                    rx.el.span(_("Waits for its turn"), class_name="badge"),
                ),
                role="status",
            ),
            class_name="row between",
        ),
        one_of(shown.stage, ("done", full), ("failed", rx.fragment()), bar(label, shown.done, shown.total)),
        rx.el.div(rx.el.span(shown.text, class_name="sm muted grow"), *actions, class_name="row wrap"),
        class_name=rx.cond(shown.stage == "failed", "kprog bad", "kprog"),
        role="group",
        custom_attrs={"aria-label": label, "data-testid": test_id, "data-stage": shown.stage},
    )
