"""What of closed periods, requests and openings is the record."""

from ais_app.i18n import _
from ais_app.journal.windows.models import Opening, OpeningRequest, PeriodLock
from ais_app.ledger.records import Record

PERIOD_LOCK = Record(
    PeriodLock,
    lambda: _("Closed period"),
    {
        "period": lambda: _("Grading period"),
        "closed_at": lambda: _("Closed"),
        "closed_by": lambda: _("By"),
    },
    key=("period_id",),
)

OPENING_REQUEST = Record(
    OpeningRequest,
    lambda: _("Request to open a lesson"),
    {
        "school": lambda: _("School"),
        "course": lambda: _("Course"),
        "lesson": lambda: _("Lesson"),
        "student": lambda: _("Student"),
        "day": lambda: _("Day"),
        "reason": lambda: _("Reason"),
        "asked_by": lambda: _("Asked by"),
        "asked_at": lambda: _("Asked"),
        "verdict": lambda: _("Verdict"),
        "answer": lambda: _("Answer"),
        "decided_by": lambda: _("Answered by"),
        "decided_at": lambda: _("Answered"),
    },
    personal=("reason", "answer"),
)

OPENING = Record(
    Opening,
    lambda: _("Opening"),
    {
        "school": lambda: _("School"),
        "course": lambda: _("Course"),
        "class": lambda: _("Class"),
        "person": lambda: _("Student"),
        "first_day": lambda: _("First day"),
        "last_day": lambda: _("Last day"),
        "until": lambda: _("Until"),
        "over_closed_period": lambda: _("Over a closed period"),
        "reason": lambda: _("Reason"),
        "granted_by": lambda: _("Opened by"),
        "granted_at": lambda: _("Opened"),
        "request": lambda: _("Request to open a lesson"),
    },
    personal=("reason",),
)

RECORDS = (PERIOD_LOCK, OPENING_REQUEST, OPENING)
