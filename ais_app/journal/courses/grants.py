"""The grant to look into a course: whatever shows one takes it, so a view that must be recorded is (D-57, S-68)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ais_app.rights.rules import Actor

SEAL = object()  # only `service/viewing.py` has it (tests/unit/test_viewing.py)


@dataclass(frozen=True, slots=True)
class ViewGrant:
    """This actor may ask for this course (uid); where his views must be recorded, this one is in the ledger already.

    Whether the course is his to read is still asked of the database, with each reading.
    """

    actor: Actor
    course: str
    seal: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not SEAL:
            msg = "a grant is made by viewing.grant"
            raise TypeError(msg)
