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
from ais_app.journal.lessons.records import HOMEWORK
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading

_visit = table(DiaryVisit)


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
        HOMEWORK.name: lessons,
    }
    changes = ledger.changes_since(reading.connection, school_chain(reading.hat.school_uid), subjects, since)
    return News(
        works=frozenset(one.subject.partition(":")[2] for one in changes if one.entity == "cell"),
        homework=_changed_homework([one for one in changes if one.entity == HOMEWORK.name]),
        since=since,
    )


def written_since(reading: Reading, student: tuple[int, str], monday: date, since: datetime) -> int:
    """How many cells of the week of a student (key, uid) were written or corrected after a moment."""
    student_id, student_uid = student
    subjects = [subject(student_uid, uid) for uid in cells_of_the_week(reading.connection, student_id, monday)]
    changes = ledger.changes_since(reading.connection, school_chain(reading.hat.school_uid), {"cell": subjects}, since)
    return len({one.subject for one in changes})


def _changed_homework(changes: Sequence[ledger.Touched]) -> frozenset[str]:
    """Lessons whose homework is another than it was; what was changed and changed back is no news."""
    first: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], Any] = {}
    for one in changes:
        before, after = one.before or {}, one.after or {}
        for name in HOMEWORK.fields:
            if name in before or name in after:
                first.setdefault((one.subject, name), before.get(name) or None)
                last[one.subject, name] = after.get(name) or None
    return frozenset(subject for (subject, name), value in last.items() if value != first[subject, name])
