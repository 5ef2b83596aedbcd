"""What of schools and people is the record."""

from ais_app.i18n import _
from ais_app.ledger.records import Record
from ais_app.people.models import Guardianship, Person, School

SCHOOL = Record(
    School,
    lambda: _("School"),
    {
        "name": lambda: _("Name"),
        "short_name": lambda: _("Short name"),
        "zone": lambda: _("Time zone"),
        "edit_window_days": lambda: _("Days in which a lesson may be written"),
        "topic_days": lambda: _("Days in which the topic is due"),
        "homework_minutes": lambda: _("Minutes after the last lesson in which homework is due"),
        "mark_one_allowed": lambda: _("The mark 1 is given"),
        "mark_beside_absence": lambda: _("A mark may stand beside «н»"),
        "correction_hours": lambda: _("Hours after which a mark is changed with a reason"),
        "opening_hours": lambda: _("Hours for which a lesson is opened"),
        "demonstration": lambda: _("Demonstration"),
        "created_at": lambda: _("Made"),
    },
)

PERSON = Record(
    Person,
    lambda: _("Person"),
    {
        "school": lambda: _("School"),
        "family_name": lambda: _("Family name"),
        "given_name": lambda: _("Given name"),
        "patronymic": lambda: _("Patronymic"),
        "birth_date": lambda: _("Birth date"),
    },
    personal=("family_name", "given_name", "patronymic", "birth_date"),
    outside={"sort_key": "made from the names"},
)

GUARDIANSHIP = Record(
    Guardianship,
    lambda: _("Guardianship"),
    {
        "guardian": lambda: _("Guardian"),
        "student": lambda: _("Student"),
        "relation": lambda: _("Relation"),
        "valid_from": lambda: _("From"),
        "valid_to": lambda: _("Before"),
    },
)

RECORDS = (SCHOOL, PERSON, GUARDIANSHIP)
