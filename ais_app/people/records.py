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
