"""What of remarks is the record."""

from ais_app.i18n import _
from ais_app.journal.remarks.models import Remark
from ais_app.ledger.records import Record

REMARK = Record(
    Remark,
    lambda: _("Remark"),
    {
        "lesson": lambda: _("Lesson"),
        "student": lambda: _("Student"),
        "author": lambda: _("Author"),
        "text": lambda: _("Text"),
        "created_at": lambda: _("Written"),
        "withdrawn_at": lambda: _("Taken back"),
    },
    personal=("text",),
    ended_by="withdrawn_at",
)

RECORDS = (REMARK,)
