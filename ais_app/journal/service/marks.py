"""Entering marks and attendance: the one way by which a cell of the journal changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right, Scope
from ais_app.clock import SchoolMoment, school_moment
from ais_app.db import UnitOfWork
from ais_app.db.columns import holds_on, table
from ais_app.db.topics import bump_all
from ais_app.i18n import _
from ais_app.journal import rules
from ais_app.journal.errors import CellsRefused, RefusedCell
from ais_app.journal.events import CourseChanged, DiaryChanged
from ais_app.journal.queries import sheet as sheets
from ais_app.journal.queries.cells import Mean, Standing, StoredCell, mean_of, standing
from ais_app.journal.queries.courses import CourseRow
from ais_app.journal.queries.openings import why_shut
from ais_app.journal.rules import CellValue, ColumnState, WeightedMark
from ais_app.journal.service import cells
from ais_app.journal.service.cells import Accepted, MarkEntry, subject
from ais_app.journal.service.facts import Facts, facts_of, still_hold
from ais_app.ledger import queries as ledger_queries
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item
from ais_app.school.models import ClassLeading
from ais_app.school.queries import names_of

KIND = "marks_entered"

_leading = table(ClassLeading)


@dataclass(frozen=True, slots=True)
class MarksOperation:
    """One operation of the grid: a key, a pasted block, a roll call. `uid` is made by the client."""

    uid: str
    course: str
    entries: Sequence[MarkEntry]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the touched cells now, as {(student, work): cell}, and the means of {student}; all by uid."""

    cells: dict[tuple[str, str], StoredCell]
    means: dict[str, Mean]


@dataclass(frozen=True, slots=True)
class Entered:
    """The answer to an operation: the sequence of the course after it and the cells it touched.

    `written` is None for an operation that was known before: its cells may have changed since.
    """

    course: CourseRow
    sequence: int
    operation: str
    cells: tuple[tuple[str, str], ...]
    written: Written | None = field(default=None, compare=False)


def enter_marks(uow: UnitOfWork, actor: Actor, operation: MarksOperation) -> Entered:
    """Write marks and attendance of one course; all of them or none (D-11).

    An operation whose uid is known was written before: it is answered and not written again.
    Raises NotYours (no such course for this actor, or the uid is somebody else's) and CellsRefused with the
    reason of each refused cell: foreign, not a member that day, period closed, window over, stale, unreadable.
    """
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    at = school_moment(uow.now, actor.hat.zone)
    facts = facts_of(uow, actor, chain, operation.course, at)
    page = facts.page
    touched = tuple((entry.student, entry.work) for entry in operation.entries)
    known = ledger_queries.operation_known(uow.connection, operation.uid)
    if known is not None:
        if (known.account, known.kind, known.chain_id) != (actor.account_uid, KIND, chain.chain_id):
            raise NotYours
        # Sent again: the server died, or lost the database, between the commit and its answer. Then nobody else has
        # heard of it either; whoever has gets the same once more.
        sequence = _sequence(uow, page)
        uow.announce(CourseChanged(page.uid, sequence, operation.uid, actor.hat.person_uid, touched))
        for student in sorted({student for student, _work in touched}):
            uow.announce(DiaryChanged(student, 0))
        return Entered(page, sequence, operation.uid, touched)
    if not actor.may(Right.ENTER_MARKS):
        raise NotYours
    present, weights = _present(uow, facts, operation.entries)
    accepted = _accept(uow, actor, facts, operation.entries, present, at)
    changed = [one for one in accepted if one.differs]
    cells.write(uow, changed)
    items = [cells.item_of(one) for one in changed]
    if operation.reason:
        items.append(Item("reason", page.uid, None, {"text": FreeText(operation.reason)}))
    before = chain.head
    ledger.append(uow, chain, actor.author, KIND, items, uid=operation.uid)
    still_hold(uow, chain, before)
    written = _written(accepted, present, weights)
    sequence = _announce(uow, actor, page, operation.uid, changed, written)
    return Entered(page, sequence, operation.uid, touched, written)


def _sequence(uow: UnitOfWork, page: CourseRow) -> int:
    return sheets.sequence_of(uow.connection, sheets.topic_of(page.uid))


def _present(uow: UnitOfWork, facts: Facts, entries: Sequence[MarkEntry]) -> tuple[Standing, dict[int, int]]:
    """What stands in the cells now, and beside them in the period of the (first) lesson; {work id: weight} of it."""
    works = facts.columns(uow, (entry.work for entry in entries))
    students = {facts.students[entry.student].id for entry in entries if entry.student in facts.students}
    if not works:
        return Standing({}, {}), {}
    period = sheets.present_period(facts.periods, min(work.day for work in works.values()))
    weights = facts.weights(uow, period)
    return standing(uow.connection, {work.id for work in works.values()}, students, weights), weights


def _accept(
    uow: UnitOfWork,
    actor: Actor,
    facts: Facts,
    entries: Sequence[MarkEntry],
    present: Standing,
    at: SchoolMoment,
) -> list[Accepted]:
    """Check every entry against the present state; raise CellsRefused naming each that cannot be written."""
    works = facts.columns(uow, (entry.work for entry in entries))
    accepted: list[Accepted] = []
    refused: list[RefusedCell] = []
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        pupil, work = facts.students.get(entry.student), works.get(entry.work)
        if pupil is None or work is None or not pupil.belongs_on(work.day) or not work.mine:
            refused.append(RefusedCell(entry.student, entry.work, "denied", _("This cell is not yours to write.")))
            continue
        before = present.cells.get((pupil.id, work.id), StoredCell())
        opening = rules.admitting(facts.openings, work.state, work.day, at, pupil.uid)
        if work.state is ColumnState.OPEN or opening is not None:
            verdict = _verdict(uow, actor, facts.page, entry, work, before)
        else:
            ended = rules.ended(facts.openings, work.state, work.day, at, pupil.uid)
            verdict = work.state.value, why_shut(ended, work.why, at, actor.hat.zone)
        if isinstance(verdict, CellValue) and (entry.student, entry.work) in seen:
            verdict = "bad", _("This cell stands twice in one operation.")
        seen.add((entry.student, entry.work))
        if isinstance(verdict, CellValue):
            accepted.append(Accepted(entry, pupil, work, verdict, before, opening.uid if opening else ""))
        else:
            who = _last_author(uow, actor, entry) if verdict[0] == "stale" else ""
            refused.append(
                RefusedCell(entry.student, entry.work, verdict[0], verdict[1], before.value.text, before.version, who)
            )
    if refused:
        raise CellsRefused(refused)
    return accepted


def _verdict(
    uow: UnitOfWork,
    actor: Actor,
    page: CourseRow,
    entry: MarkEntry,
    work: sheets.Column,
    before: StoredCell,
) -> CellValue | tuple[str, str]:
    """The value to write into a cell that may be written, or (code, reason) of the refusal."""
    try:
        value = rules.parse_cell(entry.text, mark_one=page.mark_one, graded=page.graded)
    except rules.BadCell:
        value = None
    if entry.version != before.version and (value != before.value or entry.comment is not None):
        return "stale", _("Somebody else has changed this cell meanwhile.")
    if value is None:
        return "bad", _("«{text}» is neither a mark nor a code.").format(text=entry.text[: rules.LONGEST_CELL])
    if entry.comment is not None and (len(entry.comment) > rules.LONGEST_COMMENT or not value.marks):
        return "bad", _("A comment belongs to a mark and has at most {count} characters.").format(
            count=rules.LONGEST_COMMENT
        )
    absent = value.attendance == rules.ABSENT and bool(value.marks)
    if absent and not page.mark_beside_absence and not (before.attendance == rules.ABSENT and before.marks):
        return "bad", _("A mark does not stand beside «н» in this school.")
    if work.ordinal > 1 and value.attendance:
        return "bad", _("Attendance is entered in the first column of the lesson.")
    if value.attendance == rules.ABSENT and not value.reason and before.attendance == rules.ABSENT:
        value = CellValue(value.marks, value.attendance, before.reason)  # «н» over «б» keeps the reason
    if value.reason and value.reason != before.reason and not _may_set_reason(uow, actor, page, work):
        return "denied", _("The reason of an absence is entered by the class teacher.")
    return value


def _may_set_reason(uow: UnitOfWork, actor: Actor, page: CourseRow, work: sheets.Column) -> bool:
    scopes = actor.scopes(Right.SET_ABSENCE_REASON)
    if Scope.SCHOOL in scopes:
        return True
    return (
        Scope.OWN_CLASS in scopes
        and uow.execute(
            select(_leading.c.id).where(
                _leading.c.class_id == page.class_id,
                _leading.c.person_id == actor.hat.person_id,
                holds_on(_leading, work.day),
            )
        ).first()
        is not None
    )


def _last_author(uow: UnitOfWork, actor: Actor, entry: MarkEntry) -> str:
    steps = ledger_queries.history(
        uow.connection, ledger.school_chain(actor.hat.school_uid), "cell", subject(entry.student, entry.work), 1
    )
    person = steps[0].hat.rpartition(":")[2] if steps else ""
    return names_of(uow.connection, {person}).get(person, "")


def _written(accepted: Sequence[Accepted], present: Standing, weights: dict[int, int]) -> Written:
    """The cells and means after the operation, from what stood there and what was just written."""
    counted = {student_id: dict(of_student) for student_id, of_student in present.counted.items()}
    stands: dict[tuple[str, str], StoredCell] = {}
    for one in accepted:
        after = stands[one.student.uid, one.work.uid] = one.after
        counting = [mark.hundredths for mark in after.marks if mark.hundredths is not None]
        counted[one.student.id][one.work.id] = counting
    means = {
        one.student.uid: mean_of(
            [
                WeightedMark(hundredths, weights[work_id])
                for work_id, marks in counted[one.student.id].items()
                if work_id in weights
                for hundredths in marks
            ]
        )
        for one in accepted
    }
    return Written(stands, means)


def _announce(
    uow: UnitOfWork, actor: Actor, page: CourseRow, operation: str, changed: Sequence[Accepted], written: Written
) -> int:
    if not changed:
        return _sequence(uow, page)
    course, students = sheets.topic_of(page.uid), sorted({one.student.uid for one in changed})
    numbers = bump_all(uow, [course, *(f"student:{student}" for student in students)])
    touched = tuple((one.student.uid, one.work.uid) for one in changed)
    uow.announce(CourseChanged(page.uid, numbers[course], operation, actor.hat.person_uid, touched, made=written))
    for student in students:
        uow.announce(DiaryChanged(student, numbers[f"student:{student}"]))
    return numbers[course]
