"""What the forms of remarks may send."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ais_app.access.payload import Form, Payload
from ais_app.journal.fields import Uid
from ais_app.journal.remarks.service import LONGEST_REMARK


class RemarkForm(Form):
    remark: Annotated[str, Field(max_length=LONGEST_REMARK)]


class Withdraw(Payload):
    remark: Uid
