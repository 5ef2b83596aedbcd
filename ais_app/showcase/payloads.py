"""Shapes of the events of the page."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field

from ais_app.access.list_address import ListAddress, ListChoice
from ais_app.access.payload import Form, Payload
from ais_app.access.typed_form import texts_of
from ais_app.i18n import _
from ais_app.web.kit.shown import Shown


class KitAddress(ListAddress):
    """What the page shows."""

    school_class: Annotated[str, Field(pattern=r"^(5А|6Г)?$")] = ""
    part: Literal["", "debts", "none", "error", "loading"] = ""
    tab: Literal["", "table", "form", "long", "dialog"] = ""
    step: Literal["", "school", "classes", "people", "check"] = ""


class KitForm(Form):
    """A form with a field of each kind."""

    name: Annotated[str, Field(min_length=1, max_length=80), Shown(_("Name of the school"), _("As in its charter."))]
    window: Annotated[int, Field(ge=0, le=30), Shown(_("Edit window"), unit=_("days"))]
    mean: Annotated[float, Field(gt=2, le=5), Shown(_("Least mean"))] = 2.5
    opens: Annotated[date, Shown(_("First day"))]
    bell: Annotated[time | None, Shown(_("First bell"))] = None
    scale: Annotated[
        Literal["five", "passed"], Shown(_("Scale"), words={"five": _("marks 2–5"), "passed": _("passed or not")})
    ] = "five"
    order: Annotated[
        Literal["name", "number"],
        Shown(_("Order of the list"), control="radio", words={"name": _("by name"), "number": _("by number")}),
    ] = "name"
    letters: Annotated[bool, Shown(_("Send letters"))] = False
    remark: Annotated[str, Field(max_length=300), Shown(_("Remark"))] = ""


KitTexts = texts_of(KitForm)


class Words(Payload):
    """What somebody has typed to destroy something."""

    words: Annotated[str, Field(max_length=80)] = ""


class Received(Payload):
    """What the route has answered about a file."""

    name: Annotated[str, Field(max_length=200)]
    size: Annotated[int, Field(ge=1)]


__all__ = ["KitAddress", "KitForm", "KitTexts", "ListChoice", "Received", "Words"]
