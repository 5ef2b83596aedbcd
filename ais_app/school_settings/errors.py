"""What a person can do wrong with a setting."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.rights.errors import Refused


class BadValue(Refused):
    """The value is none of this setting, or outside its bounds: the text says the bounds, and why."""

    code = "bad_value"

    def __init__(self, text: str) -> None:
        super().__init__(text, "value")


class BadDay(Refused):
    """From this day on a value cannot hold."""

    code = "bad_day"

    def __init__(self) -> None:
        super().__init__(
            _("The past is judged by what held then: choose tomorrow or a later day, at most a year ahead."), "day"
        )


class NothingChanges(Refused):
    """On that day this value holds anyhow."""

    code = "nothing_changes"

    def __init__(self) -> None:
        super().__init__(_("This value holds on that day already."), "value")


class HoldsAlready(Refused):
    """The value that is to be cancelled or undone holds already: what was judged by it stays."""

    code = "holds_already"

    def __init__(self) -> None:
        super().__init__(_("This value holds already, and what was judged by it stays. Write another value instead."))
