"""What of the settings is the record."""

from ais_app.i18n import _
from ais_app.ledger.records import Record
from ais_app.school_settings.models import SettingValue

SETTING_VALUE = Record(
    SettingValue,
    lambda: _("Setting"),
    {
        "school": lambda: _("School"),
        "key": lambda: _("Setting"),
        "reach": lambda: _("Reach of the value"),
        "reach_of": lambda: _("Of which"),
        "value": lambda: _("Value"),
        "valid_from": lambda: _("From"),
    },
)

RECORDS = (SETTING_VALUE,)
