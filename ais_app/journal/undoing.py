"""How the operations of the journal are undone (`ledger/kinds.py: Undo`)."""

from __future__ import annotations

from ais_app.journal import kinds
from ais_app.ledger.kinds import Undo
from ais_app.rights.rules import Right

_LESSONS, _WINDOWS = "ais_app.journal.lessons.service.undoing", "ais_app.journal.windows.service.undoing"
_TEXTS = Undo(Right.KEEP_LESSONS, f"{_LESSONS}:texts")
_TAKEN_LESSON, _TAKEN_COLUMN = (
    Undo(Right.KEEP_LESSONS, f"{_LESSONS}:{name}") for name in ("taken_lesson", "taken_column")
)
_REMARK = Undo(Right.KEEP_LESSONS, "ais_app.journal.remarks.service:undo")
_REASON = Undo(Right.SET_ABSENCE_REASON, "ais_app.journal.attendance.service:undo_reasons")

UNDOING = {
    kinds.MARKS_ENTERED.name: Undo(Right.ENTER_MARKS, "ais_app.journal.grid.service.undoing:marks"),
    kinds.LESSON_ADDED.name: Undo(Right.KEEP_LESSONS, f"{_LESSONS}:added_lesson"),
    kinds.LESSON_TAKEN_BACK.name: _TAKEN_LESSON,
    kinds.LESSON_PUT_BACK.name: _TAKEN_LESSON,
    kinds.LESSON_DESCRIBED.name: _TEXTS,
    kinds.WORK_ADDED.name: Undo(Right.KEEP_LESSONS, f"{_LESSONS}:added_column"),
    kinds.WORK_TAKEN_BACK.name: _TAKEN_COLUMN,
    kinds.WORK_PUT_BACK.name: _TAKEN_COLUMN,
    kinds.WORK_CHANGED.name: _TEXTS,
    kinds.REMARK_ADDED.name: _REMARK,
    kinds.REMARK_WITHDRAWN.name: _REMARK,
    kinds.REMARK_PUT_BACK.name: _REMARK,
    kinds.ABSENCE_EXCUSED.name: _REASON,
    kinds.ABSENCE_REASON_CHANGED.name: _REASON,
    kinds.LESSONS_LAID_OUT.name: Undo(Right.SET_UP_SCHOOL),
    kinds.OPENING_ASKED.name: Undo(Right.ASK_OPENING, f"{_WINDOWS}:asked"),
    kinds.OPENING_WITHDRAWN.name: Undo(Right.ASK_OPENING, f"{_WINDOWS}:withdrawn"),
    kinds.OPENING_GRANTED.name: Undo(Right.OPEN_EDITING, f"{_WINDOWS}:granted"),
    kinds.OPENING_CLOSED.name: Undo(Right.OPEN_EDITING, f"{_WINDOWS}:closed"),
}
