"""The kinds of operations of the journal, and by which kind each is taken back."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

MARKS_ENTERED = Kind("marks_entered", lambda: _("Marks or absences were entered"), inverse="marks_entered")
LESSON_ADDED = Kind("lesson_added", lambda: _("A lesson was added"), inverse="lesson_taken_back")
LESSON_TAKEN_BACK = Kind("lesson_taken_back", lambda: _("A lesson was taken back"), inverse="lesson_put_back")
LESSON_PUT_BACK = Kind("lesson_put_back", lambda: _("A lesson was put back"), inverse="lesson_taken_back")
LESSON_DESCRIBED = Kind(
    "lesson_described", lambda: _("Topic, homework or kind of work were written"), inverse="lesson_described"
)
WORK_ADDED = Kind("work_added", lambda: _("A column was added"), inverse="work_taken_back")
WORK_TAKEN_BACK = Kind("work_taken_back", lambda: _("A column was taken back"), inverse="work_put_back")
WORK_PUT_BACK = Kind("work_put_back", lambda: _("A column was put back"), inverse="work_taken_back")
WORK_CHANGED = Kind("work_changed", lambda: _("A kind of work was changed"), inverse="work_changed")
REMARK_ADDED = Kind("remark_added", lambda: _("A remark was written"), inverse="remark_withdrawn")
REMARK_WITHDRAWN = Kind("remark_withdrawn", lambda: _("A remark was taken back"), inverse="remark_put_back")
REMARK_PUT_BACK = Kind("remark_put_back", lambda: _("A remark was put back"), inverse="remark_withdrawn")
ABSENCE_EXCUSED = Kind(
    "absence_excused", lambda: _("A reason of absence was written"), inverse="absence_reason_changed"
)
ABSENCE_REASON_CHANGED = Kind(
    "absence_reason_changed",
    lambda: _("A reason of absence was changed or taken back"),
    inverse="absence_reason_changed",
)
OPENING_ASKED = Kind("opening_asked", lambda: _("A lesson was asked to be opened"), inverse="opening_withdrawn")
OPENING_WITHDRAWN = Kind(
    "opening_withdrawn", lambda: _("A request to open a lesson was taken back"), inverse="opening_asked"
)
OPENING_DECLINED = Kind(
    "opening_declined",
    lambda: _("A request to open a lesson was declined"),
    without=lambda: _("The teacher may ask again."),
)
OPENING_GRANTED = Kind("opening_granted", lambda: _("A lesson was opened after its term"), inverse="opening_closed")
OPENING_CLOSED = Kind("opening_closed", lambda: _("An opening was ended before its term"), inverse="opening_granted")
LESSONS_LAID_OUT = Kind(
    "lessons_laid_out", lambda: _("Lessons were laid out by the timetable"), inverse="set_up_taken_back"
)
RECORDS_RESTORED = Kind(
    "records_restored",
    lambda: _("The journal of another installation was taken over"),
    without=lambda: _("What was taken over is changed like everything else in the journal."),
)
PERIODS_CLOSED = Kind(
    "periods_closed",
    lambda: _("Closed periods of another installation were taken over"),
    without=lambda: _("A closed period stays closed; a lesson in it can be opened."),
)
PERIOD_CLOSED = Kind(
    "period_closed",
    lambda: _("A grading period was closed"),
    without=lambda: _("A closed period stays closed; a lesson in it can be opened."),
)
ENTRIES_CLEARED = Kind(
    "entries_cleared",
    lambda: _("Entries outside of memberships were cleared"),
    without=lambda: _("The history keeps what they were; it can be entered again."),
)
JOURNAL_VIEWED = Kind(
    "journal_viewed",
    lambda: _("A journal was looked at"),
    without=lambda: _("What somebody has seen he has seen."),
)

KINDS = (
    MARKS_ENTERED,
    LESSON_ADDED,
    LESSON_TAKEN_BACK,
    LESSON_PUT_BACK,
    LESSON_DESCRIBED,
    WORK_ADDED,
    WORK_TAKEN_BACK,
    WORK_PUT_BACK,
    WORK_CHANGED,
    REMARK_ADDED,
    REMARK_WITHDRAWN,
    REMARK_PUT_BACK,
    ABSENCE_EXCUSED,
    ABSENCE_REASON_CHANGED,
    OPENING_ASKED,
    OPENING_WITHDRAWN,
    OPENING_DECLINED,
    OPENING_GRANTED,
    OPENING_CLOSED,
    LESSONS_LAID_OUT,
    RECORDS_RESTORED,
    PERIODS_CLOSED,
    PERIOD_CLOSED,
    ENTRIES_CLEARED,
    JOURNAL_VIEWED,
)
