"""What the diary itself adds to the record."""

from ais_app.diary.models import Acknowledgement
from ais_app.i18n import _
from ais_app.ledger.records import Record

ACKNOWLEDGEMENT = Record(
    Acknowledgement,
    lambda: _("Signature of a guardian"),
    {
        "student": lambda: _("Student"),
        "monday": lambda: _("Week from"),
        "guardian": lambda: _("Guardian"),
        "at": lambda: _("Signed"),
    },
)

RECORDS = (ACKNOWLEDGEMENT,)
