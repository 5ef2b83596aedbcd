"""What is sent to ask for an opening and to answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ais_app.access.payload import Form, Payload
from ais_app.journal.fields import Uid
from ais_app.ledger.operation import LONGEST_REASON


class AskForm(Form):
    """Why a lesson should be opened after its window; `only` is ticked = for the student of the active cell alone."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON)]
    only: str = ""


class OfRequest(Payload):
    request: Uid


class OfOpening(Payload):
    opening: Uid


class DeclineForm(Form):
    """The deputy's sentence to the teacher; a browser's form sends texts only."""

    request: Uid
    answer: Annotated[str, Field(max_length=LONGEST_REASON)]
