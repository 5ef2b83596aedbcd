"""What a person asks of the operations: the conditions, which are the address of the page and of the export."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ais_app.access.payload import Form, IsoDay, Payload
from ais_app.ledger.operation import LONGEST_REASON

_UID = "[a-z2-7]{16}"
Empty = Literal[""]
ChosenUid = Annotated[str, Field(pattern=rf"^({_UID})?$")]
Word = Annotated[str, Field(pattern=r"^[a-z_]{0,48}$")]
Number = Annotated[str, Field(pattern=r"^([1-9][0-9]{0,17})?$")]


class Conditions(Payload):
    """Which operations; "" = any. Days are those of the school, both included.

    `person`: what happened to a student; `school_class`: to a class and its students. `entity` with `subject`: the
    history of one row. `before`, `after`: numbers in the chain between which a page lies; `operation`: the opened one.
    """

    first: IsoDay | Empty = ""
    last: IsoDay | Empty = ""
    author: Annotated[str, Field(pattern=r"^[a-z2-7]{0,32}$")] = ""
    kind: Word = ""
    school_class: ChosenUid = ""
    person: ChosenUid = ""
    entity: Word = ""
    subject: Annotated[str, Field(pattern=r"^[a-z0-9:_-]{0,96}$")] = ""
    before: Number = ""
    after: Number = ""
    operation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,32}$")] = ""


class Chosen(Payload):
    """A condition that is chosen, or taken away with an empty value; `object`: the row, which is only taken away."""

    name: Literal["first", "last", "author", "kind", "school_class", "person", "object"]
    value: Annotated[str, Field(max_length=48)] = ""


class Opened(Payload):
    """An operation that is opened, or closed when it is open."""

    operation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class UndoForm(Form):
    """An operation that is to be undone, why, and the question that the person has said yes to."""

    operation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    confirmed: Annotated[str, Field(max_length=300)] = ""


class Turned(Payload):
    """Which page of the list is wanted."""

    to: Literal["older", "newer"]
