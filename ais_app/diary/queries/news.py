"""What is new in a diary since the last visit: marks and absences, their corrections, homework, remarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.diary.models import DiaryVisit
from ais_app.diary.queries.acknowledgements import cells_of_the_week
from ais_app.diary.rules import known_until
from ais_app.journal.grid.service.cells import subject
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading

_visit = table(DiaryVisit)
_OF_HOMEWORK = ("homework", "minutes", "nothing_set", "due")


@dataclass(frozen=True, slots=True)
class News:
    """What was written since the last visit, by uids: cells by their works, homework by its lessons."""

    works: frozenset[str] = frozenset()
    homework: frozenset[str] = frozenset()
    since: datetime | None = None

    def has(self, moment: datetime) -> bool:
        """Whether something written at this moment is new."""
        return self.since is not None and moment > self.since


def last_known(reading: Reading, student_id: int) -> datetime | None:
    """The moment up to which this account knows the diary; None at its first visit, and for a hat that is no family."""
    if not reading.hat.is_family:
        return None
    row = reading.execute(
        select(_visit.c.known, _visit.c.looked).where(
            _visit.c.account_id == reading.actor.account_id, _visit.c.student_id == student_id
        )
    ).one_or_none()
    return None if row is None else known_until(row.known, row.looked, reading.now)


def news(
    reading: Reading, student_uid: str, shown: tuple[Sequence[str], Sequence[str]], since: datetime | None
) -> News:
    """Of the works and lessons `shown` (uids), those in which something of this student is new."""
    if since is None:
        return News()
    works, lessons = shown
    subjects: Mapping[str, Sequence[str]] = {
        "cell": [subject(student_uid, uid) for uid in works],
        "lesson": lessons,
    }
    changes = ledger.changes_since(reading.connection, school_chain(reading.hat.school_uid), subjects, since)
    return News(
        works=frozenset(one.subject.partition(":")[2] for one in changes if one.entity == "cell"),
        homework=_changed_homework([one for one in changes if one.entity == "lesson"]),
        since=since,
    )


def written_since(reading: Reading, student: tuple[int, str], monday: date, since: datetime) -> int:
    """How many cells of the week of a student (key, uid) were written or corrected after a moment."""
    student_id, student_uid = student
    subjects = [subject(student_uid, uid) for uid in cells_of_the_week(reading.connection, student_id, monday)]
    changes = ledger.changes_since(reading.connection, school_chain(reading.hat.school_uid), {"cell": subjects}, since)
    return len({one.subject for one in changes})


def _changed_homework(changes: Sequence[ledger.Touched]) -> frozenset[str]:
    """Lessons whose homework is another than it was: a new topic is no news, nor what was changed and changed back."""
    first: dict[str, dict[str, Any]] = {}
    last: dict[str, dict[str, Any]] = {}
    for one in changes:
        first.setdefault(one.subject, one.before or {})
        last[one.subject] = one.after or {}
    return frozenset(uid for uid in last if _of_homework(first[uid]) != _of_homework(last[uid]))


def _of_homework(values: Mapping[str, Any]) -> list[Any]:
    return [values.get(name) or None for name in _OF_HOMEWORK]
