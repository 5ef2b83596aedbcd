"""Entering marks and attendance: of the grid, a pasted block, a roll call, a page that is being left.

Other operations change cells too: reasons of absence, clearing what lies outside memberships, restoring a school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from ais_app.db import UnitOfWork, feeds
from ais_app.db.columns import holds_on, table
from ais_app.db.feeds import bump_all
from ais_app.i18n import _
from ais_app.journal import events
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.errors import CellsRefused, RefusedCell
from ais_app.journal.events import CourseChanged, DiaryChanged
from ais_app.journal.grid import rules
from ais_app.journal.grid.means import Thresholds, WeightedMark
from ais_app.journal.grid.queries.cells import (
    CellsBefore,
    Mean,
    StoredCell,
    Weight,
    cells_before,
    mean_of,
    read_moments,
)
from ais_app.journal.grid.rules import CellValue
from ais_app.journal.grid.service import cells
from ais_app.journal.grid.service.cells import Accepted, MarkEntry, subject
from ais_app.journal.grid.service.facts import Facts, facts_of, still_hold
from ais_app.journal.kinds import MARKS_ENTERED
from ais_app.journal.lessons.queries.columns import Column
from ais_app.journal.lessons.queries.taken_back import was_taken_back
from ais_app.journal.windows import rules as windows_rules
from ais_app.journal.windows.queries import periods
from ais_app.journal.windows.rules import ColumnState, admitting
from ais_app.journal.windows.views import why_not, why_shut
from ais_app.ledger import queries as ledger_queries
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.service import school_chain
from ais_app.people.queries import names_of
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import ClassLeading

KIND = MARKS_ENTERED.name
REASON = "reason"  # why a cell is refused that a reason would open

_leading = table(ClassLeading)


@dataclass(frozen=True, slots=True)
class MarksOperation:
    """One operation of the grid: a key, a pasted block, a roll call. `uid` is made by the client.

    `reason`: why older marks are changed; families see it beside them.
    """

    uid: str
    course: str
    entries: Sequence[MarkEntry]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """After an operation: the touched cells {(student uid, work uid): cell} and the means {student uid: mean}, which
    are shown by `thresholds`.
    """

    cells: dict[tuple[str, str], StoredCell]
    means: dict[str, Mean]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Entered:
    """The answer to an operation: the number of the course's last change, and the cells (student, work) it touched.

    `written` is None for an operation that was known before: its cells may have changed since.
    """

    course: CourseRow
    sequence: int
    operation: str
    cells: tuple[tuple[str, str], ...]
    written: Written | None = field(default=None, compare=False)


def enter_marks(uow: UnitOfWork, actor: Actor, asked: MarksOperation) -> Entered:
    """Write marks and attendance of one course; all of them or none (D-11).

    An operation whose uid is known was written before: it is answered and not written again.
    Raises NotYours (no such course for this actor, or the uid is somebody else's) and CellsRefused with the
    reason of each refused cell: foreign, not a member that day, period closed, window over, stale, unreadable, an older
    mark changed without a reason.
    """
    with operation(uow, actor, MARKS_ENTERED, Right.ENTER_MARKS, asked.reason, uid=asked.uid) as op:
        facts = facts_of(op, asked.course)
        if op.again:
            return _entered_before(op, facts.page, asked)
        entered = write_entries(op, facts, asked)
        op.keep()  # also when nothing differed: sent again, it must be known
        before = op.chain.head
    still_hold(uow, op.chain, before)
    return entered


def write_entries(op: Operation, facts: Facts, asked: MarksOperation) -> Entered:
    """Write entries of a course within an operation, and announce them. Raises CellsRefused."""
    works = facts.columns(op.uow, (entry.work for entry in asked.entries))
    present, weights = _present(op.uow, facts, asked.entries, works)
    accepted = _accept(op, facts, asked, works, present)
    changed = [one for one in accepted if one.differs]
    cells.write(op, changed)
    written = _written(accepted, present, weights, facts.page.thresholds)
    sequence = _announce(op, facts.page, changed, written)
    return Entered(facts.page, sequence, asked.uid, _touched(asked), written)


def _touched(asked: MarksOperation) -> tuple[tuple[str, str], ...]:
    return tuple((entry.student, entry.work) for entry in asked.entries)


def _entered_before(op: Operation, page: CourseRow, asked: MarksOperation) -> Entered:
    """Answer an operation that was written before, and announce it once more: when the server died between the commit
    and the answer, nobody has heard of it.
    """
    uow, actor = op.uow, op.actor
    sequence, touched = _sequence(uow, page), _touched(asked)
    uow.announce(CourseChanged(page.uid, sequence, asked.uid, actor.hat.person_uid, touched))
    for student in sorted({student for student, _work in touched}):
        uow.announce(DiaryChanged(student, 0))
    return Entered(page, sequence, asked.uid, touched)


def _sequence(uow: UnitOfWork, page: CourseRow) -> int:
    return feeds.sequence_of(uow.connection, events.feed_of(page.uid))


def _present(
    uow: UnitOfWork, facts: Facts, entries: Sequence[MarkEntry], works: Mapping[str, Column]
) -> tuple[CellsBefore, dict[int, Weight]]:
    """(the cells as stored with the marks that count beside them, {work id: weight}), both in the period of the first
    lesson.
    """
    students = {facts.students[entry.student].id for entry in entries if entry.student in facts.students}
    if not works:
        return CellsBefore({}, {}), {}
    period = periods.present_period(facts.periods, min(work.day for work in works.values()))
    weights = facts.weights(uow, period)
    return cells_before(uow.connection, {work.id for work in works.values()}, students, weights), weights


def _accept(
    op: Operation, facts: Facts, operation: MarksOperation, works: Mapping[str, Column], present: CellsBefore
) -> list[Accepted]:
    """Check every entry against the present state; raise CellsRefused naming each that cannot be written."""
    uow, actor, at, entries = op.uow, op.actor, op.reading.moment, operation.entries
    accepted: list[Accepted] = []
    refused: list[RefusedCell] = []
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        pupil, work = facts.students.get(entry.student), works.get(entry.work)
        if pupil is None or work is None or not pupil.belongs_on(work.day) or not work.mine:
            refused.append(_foreign(uow, facts, entry))
            continue
        before = present.cells.get((pupil.id, work.id), StoredCell())
        opening = admitting(facts.openings, work.state, work.day, at, pupil.uid)
        if work.state is ColumnState.OPEN or opening is not None:
            verdict = _verdict(uow, actor, facts.page, entry, work, before)
        else:
            ended = windows_rules.ended(facts.openings, work.state, work.day, at, pupil.uid)
            why = why_not(work.state, work.last_day)
            verdict = work.state.value, why_shut(ended, why, at, actor.hat.zone)
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
    refused += _unexplained(uow, facts.page, operation, accepted)
    if refused:
        raise CellsRefused(refused)
    return accepted


def _unexplained(
    uow: UnitOfWork, page: CourseRow, operation: MarksOperation, accepted: Sequence[Accepted]
) -> list[RefusedCell]:
    """Refusals of the entries that change or take away an older mark, which families have seen, without a reason.

    Fills `before.written` where it is needed, with a reason too.
    """
    rewritten = [one for one in accepted if one.needs_moments(page.correction, uow.now)]
    if not rewritten:
        return []
    read_moments(uow.connection, {(one.student.id, one.work.id): one.before for one in rewritten})
    if operation.reason.strip():
        return []
    why = _("This mark has stood longer than {hours} h: say why it is changed.").format(hours=page.correction.hours)
    return [
        RefusedCell(one.entry.student, one.entry.work, REASON, why, one.before.value.text, one.before.version)
        for one in rewritten
        if one.corrects(page.correction, uow.now)
    ]


def _foreign(uow: UnitOfWork, facts: Facts, entry: MarkEntry) -> RefusedCell:
    """The refusal of a cell that this actor may not write; where its column was taken back, no attempt is counted."""
    if was_taken_back(uow.connection, facts.page, entry.work):
        said = _("This column was taken back: «{text}» is not written.").format(text=entry.text)
        return RefusedCell(entry.student, entry.work, "gone", said)
    return RefusedCell(entry.student, entry.work, "denied", _("This cell is not yours to write."))


def _verdict(
    uow: UnitOfWork,
    actor: Actor,
    page: CourseRow,
    entry: MarkEntry,
    work: Column,
    before: StoredCell,
) -> CellValue | tuple[str, str]:
    """The value to write into a cell that may be written, or (code, reason) of the refusal."""
    if entry.comments is not None:  # it stood there before: whoever may enter a reason had done so
        return rules.parse_cell(entry.text, mark_one=True)
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
    if (
        value.attendance == rules.ABSENT
        and not value.reason
        and before.reason
        and not _undone(uow, actor, entry, value)
    ):
        value = CellValue(value.marks, value.attendance, before.reason)  # «н» over «б» keeps the reason
    if value.reason and value.reason != before.reason and not _may_set_reason(uow, actor, page, work):
        return "denied", _("The reason of an absence is entered by the class teacher.")
    return value


def _undone(uow: UnitOfWork, actor: Actor, entry: MarkEntry, value: CellValue) -> bool:
    """Whether `value` is what the cell held before its last entry, which was the actor's own: he takes that back."""
    step = _last_step(uow, actor, entry)
    return (
        step is not None
        and (step.account, step.kind) == (actor.account_uid, KIND)
        and (step.before or {}).get("value") == value.text
    )


def _may_set_reason(uow: UnitOfWork, actor: Actor, page: CourseRow, work: Column) -> bool:
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
    step = _last_step(uow, actor, entry)
    person = step.hat.rpartition(":")[2] if step is not None else ""
    return names_of(uow.connection, {person}).get(person, "")


def _last_step(uow: UnitOfWork, actor: Actor, entry: MarkEntry) -> ledger_queries.Step | None:
    name, chain = subject(entry.student, entry.work), school_chain(actor.hat.school_uid)
    steps = ledger_queries.history(uow.connection, chain, "cell", name, 1)
    return steps[0] if steps else None


def _written(
    accepted: Sequence[Accepted], present: CellsBefore, weights: dict[int, Weight], thresholds: Thresholds
) -> Written:
    """The cells and means after the operation, computed from what was read before it and what it has written."""
    counted = {student_id: dict(of_student) for student_id, of_student in present.counted.items()}
    after_cells: dict[tuple[str, str], StoredCell] = {}
    for one in accepted:
        after = after_cells[one.student.uid, one.work.uid] = one.after
        counting = [mark.hundredths for mark in after.marks if mark.hundredths is not None]
        counted[one.student.id][one.work.id] = counting
    means = {
        one.student.uid: mean_of(
            [
                WeightedMark(hundredths, weights[work_id].weight)
                for work_id, marks in counted[one.student.id].items()
                if work_id in weights and one.student.belongs_on(weights[work_id].day)
                for hundredths in marks
            ]
        )
        for one in accepted
    }
    return Written(after_cells, means, thresholds)


def _announce(op: Operation, page: CourseRow, changed: Sequence[Accepted], written: Written) -> int:
    if not changed:
        return _sequence(op.uow, page)
    course, students = events.feed_of(page.uid), sorted({one.student.uid for one in changed})
    numbers = bump_all(op.uow, [course, *(f"student:{student}" for student in students)])
    touched = tuple((one.student.uid, one.work.uid) for one in changed)
    op.announce(CourseChanged(page.uid, numbers[course], op.uid, op.actor.hat.person_uid, touched, made=written))
    for student in students:
        op.announce(DiaryChanged(student, numbers[f"student:{student}"]))
    return numbers[course]
