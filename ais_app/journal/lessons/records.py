"""What of lessons is the record."""

from ais_app.i18n import _
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.ledger.records import Record

LESSON = Record(
    Lesson,
    lambda: _("Lesson"),
    {
        "school": lambda: _("School"),
        "course": lambda: _("Course"),
        "day": lambda: _("Day"),
        "number": lambda: _("Lesson number"),
        "room": lambda: _("Room"),
        "topic": lambda: _("Topic"),
        "taken_back_at": lambda: _("Taken back"),
    },
    personal=("topic",),
    outside={"version": "counts changes, for who writes at the same time"},
    ended_by="taken_back_at",
)

HOMEWORK = Record(
    Homework,
    lambda: _("Homework"),
    {
        "lesson": lambda: _("Lesson"),
        "text": lambda: _("Text"),
        "minutes": lambda: _("Minutes"),
        "nothing_set": lambda: _("Nothing is set"),
        "due": lambda: _("Due"),
    },
    key=("lesson_id",),
    personal=("text",),
)

WORK = Record(
    Work,
    lambda: _("Column"),
    {
        "lesson": lambda: _("Lesson"),
        "ordinal": lambda: _("Number"),
        "control_type": lambda: _("Kind of work"),
        "weight": lambda: _("Weight"),
        "taken_back_at": lambda: _("Taken back"),
    },
    ended_by="taken_back_at",
    placed=("ordinal",),
)

RECORDS = (LESSON, HOMEWORK, WORK)
