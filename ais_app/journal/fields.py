"""Fields that several payloads of the journal have, and how the texts of a form are read."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import Field

from ais_app.i18n import _
from ais_app.journal.errors import BadNumber
from ais_app.journal.lessons.rules import DaySpan
from ais_app.rights.errors import Refused

_UID = r"^[a-z2-7]{16}$"
Uid = Annotated[str, Field(pattern=_UID)]


def is_uid(text: str) -> bool:
    """Whether a text has the form of a uid: 16 characters of lower-case base32."""
    return re.fullmatch(_UID, text) is not None


Confirmed = Annotated[str, Field(max_length=2_000)]  # the question that a person has read and says yes to
ShortField = Annotated[str, Field(max_length=32)]  # of a form, read by `days_of`, `day_of` or `number_of`


def days_of(first: str, last: str) -> DaySpan:
    """The days of the fields `first` and `last` of a form. Raises Refused for what is no day, or in the wrong order."""
    days = DaySpan(day_of(first, "first"), day_of(last, "last"))
    if days.last < days.first:
        raise Refused(_("The last day is before the first."), "last")
    return days


def day_of(text: str, field: str) -> date:
    """The day that a browser spells as YYYY-MM-DD. Raises Refused at `field`."""
    spelled = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII)  # of ISO 8601 the one that a browser sends
    try:
        return date.fromisoformat(text if spelled else "")
    except ValueError as error:
        raise Refused(_("There is no such day."), field) from error


def number_of(text: str, field: str, fits: tuple[int, int]) -> int:
    """The number in `text`, within `fits` = (least, most). Raises BadNumber at `field`."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and fits[0] <= int(digits) <= fits[1]):
        raise BadNumber(field, *fits)
    return int(digits)
