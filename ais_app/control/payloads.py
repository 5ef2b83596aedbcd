"""What the pages of this room ask for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ais_app.access.payload import Form
from ais_app.access.typed_form import texts_of
from ais_app.i18n import _
from ais_app.web.kit.shown import Shown


class CheckForm(Form):
    """A check of what is new alone."""

    since: Annotated[
        date, Shown(_("From day"), _("What was done before that day is not looked at: it takes less time."))
    ]


CheckTexts = texts_of(CheckForm)
