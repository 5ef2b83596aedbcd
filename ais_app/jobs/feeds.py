"""The feed of jobs: one of each school and one of the installation, for pages that show them."""

from __future__ import annotations

from ais_app.jobs.asking import JobChanged
from ais_app.live.bus import Change

INSTALLATION = "jobs"


def feed_of(school: str) -> str:
    """The feed of a school's jobs; "" = those of the installation."""
    return f"jobs:{school}" if school else INSTALLATION


def change_of(event: JobChanged) -> Change:
    return Change(feed_of(event.school), 0, {"job": event.uid})
