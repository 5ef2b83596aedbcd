"""What settings announce after a commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """A setting of a school (uid), or of the installation (""), got another value or lost a future one."""

    school: str
    sequence: int


def feed_of(school_uid: str) -> str:
    """The live feed of the settings of a school; of the installation for ""."""
    return f"settings:{school_uid}"
