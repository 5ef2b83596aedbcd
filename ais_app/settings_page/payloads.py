"""What the page of settings asks for: its address, and the forms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ais_app.access.payload import Form, IsoDay, Payload
from ais_app.ledger.operation import LONGEST_REASON

LONGEST_WORDS, LONGEST_VALUE = 80, 40
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
NoKey = Literal[""]
Words = Annotated[str, Field(max_length=LONGEST_WORDS)]


class Asked(Payload):
    """What the page shows, as its address says it. `changed`: only what was changed; `find`: words of a setting."""

    group: Annotated[str, Field(pattern=r"^[a-z]{0,16}$")] = ""
    setting: Key | NoKey = ""
    tab: Literal["", "history"] = ""
    find: Words = ""
    changed: Literal["", "yes"] = ""


class OfGroup(Payload):
    group: Annotated[str, Field(pattern=r"^[a-z]{1,16}$")]


class OfSetting(Payload):
    """A setting that is opened; "" = the list again."""

    setting: Key | NoKey


class Tab(Payload):
    tab: Literal["", "history"]


class Find(Payload):
    """What the search field sends."""

    name: Literal["find"]
    value: Words


class SettingForm(Form):
    """A value, typed or chosen, and from when it holds; the field that is not shown sends None.

    `since`: from tomorrow, from the next period, from `day`, or at once.
    """

    setting: Key
    value: Annotated[str, Field(max_length=LONGEST_VALUE)] | None = None
    choice: Annotated[str, Field(max_length=LONGEST_VALUE)] | None = None
    since: Literal["tomorrow", "period", "date", "now"] = "now"
    day: IsoDay | Literal[""] | None = None
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class UsualForm(Form):
    """The group whose usual values are to hold again, and why."""

    group: Annotated[str, Field(pattern=r"^[a-z]{1,16}$")]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class FutureValue(Payload):
    """A value of a setting that is to hold from a day on."""

    setting: Key
    day: IsoDay
