"""What was corrected in a student's cells: the texts before and after, who did it, when and why (from the ledger)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ais_app.journal.grid.rules import is_correction
from ais_app.journal.grid.service.cells import subject
from ais_app.ledger import queries as ledger
from ais_app.ledger.queries import RowChange
from ais_app.ledger.service import school_chain
from ais_app.people.queries import names_of
from ais_app.rights.reading import Reading


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell's text before and after; `reason` is empty where none was asked for, or where it was erased."""

    before: str
    after: str
    who: str
    at: datetime
    reason: str


def corrections(reading: Reading, student_uid: str, work_uids: Sequence[str]) -> dict[str, tuple[Correction, ...]]:
    """{work uid: what was corrected in the student's cell, in order}. The caller has checked who reads."""
    if not work_uids:
        return {}
    by_subject = {subject(student_uid, uid): uid for uid in work_uids}
    steps = ledger.changes(reading.connection, school_chain(reading.hat.school_uid), "cell", list(by_subject))
    wrong = [step for step in steps if is_correction(value_before(step), value_after(step))]
    found: dict[str, tuple[Correction, ...]] = {}
    for step, correction in zip(wrong, _as_corrections(reading.connection, wrong), strict=True):
        uid = by_subject[step.subject]
        found[uid] = (*found.get(uid, ()), correction)
    return found


def value_before(step: RowChange) -> str:
    """The text of a cell before a step of its history."""
    return str(step.before.get("value", ""))


def value_after(step: RowChange) -> str:
    """The text of a cell after a step of its history."""
    return str(step.after.get("value", ""))


def person_of(step: RowChange) -> str:
    """The uid of the person who took a step, by his hat."""
    return step.hat.rpartition(":")[2]


def _as_corrections(connection: Connection, steps: Sequence[RowChange]) -> list[Correction]:
    names = names_of(connection, {person_of(step) for step in steps})
    reasons = ledger.reasons(connection, [step.operation for step in steps])
    return [
        Correction(
            before=value_before(step),
            after=value_after(step),
            who=names.get(person_of(step), ""),
            at=step.moment,
            reason=reasons.get(step.operation, ""),
        )
        for step in steps
    ]
