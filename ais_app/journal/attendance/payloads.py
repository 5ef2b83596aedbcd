"""What the forms of absences may send."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ais_app.access.payload import Form, Payload
from ais_app.i18n import _
from ais_app.journal.attendance.service import Excuse, ReasonChange
from ais_app.journal.fields import ShortField, Uid, days_of
from ais_app.journal.grid.rules import REASONS
from ais_app.rights.errors import Refused

_REASON = "|".join(REASONS)
Reason = Annotated[str, Field(pattern=f"^({_REASON})$", json_schema_extra={"enum": [*REASONS]})]
ReasonOrNone = Annotated[str, Field(pattern=f"^({_REASON})?$", json_schema_extra={"enum": ["", *REASONS]})]


class ChooseAbsence(Payload):
    """The absences of a student on a day with this `reason`; empty: those without one."""

    student: Uid
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    reason: ReasonOrNone = ""


class ExcuseForm(Form):
    """The class teacher's document for an absence; a browser's form sends texts only."""

    student: Uid
    first: ShortField
    last: ShortField
    reason: Reason
    document: Annotated[str, Field(max_length=200)]

    def read(self) -> Excuse:
        """What the service takes. Raises Refused for a field that cannot be read."""
        return Excuse(self.student, days_of(self.first, self.last), self.reason, self.document.strip())


class ReasonForm(Form):
    """A reason of absence that is wrong: another one, or none (`after` empty)."""

    student: Uid
    first: ShortField
    last: ShortField
    before: Reason
    after: ReasonOrNone
    why: Annotated[str, Field(max_length=200)]

    def read(self) -> ReasonChange:
        """What the service takes. Raises Refused for a field that cannot be read."""
        days = days_of(self.first, self.last)
        if self.after == self.before:
            raise Refused(_("This reason is written already. Choose another one."), "after")
        return ReasonChange(self.student, days, self.before, self.after, self.why.strip())
