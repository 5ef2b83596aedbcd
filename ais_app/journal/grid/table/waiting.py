"""The line of the top bar about marks of this account that wait on this device."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _, forms, language
from ais_app.journal.grid.table import SCRIPTS


class WaitingMarks(rx.Component):
    """In the top bar: how many entries of this account wait on this device. Asks before signing out with them."""

    library = SCRIPTS["waiting.jsx"]
    tag = "WaitingMarks"

    account: rx.Var[str]
    labels: rx.Var[dict[str, Any]]


def waiting_marks(shell: Any) -> rx.Component:
    """The line of the top bar for the account of `shell`."""
    return WaitingMarks.create(
        account=shell.account,
        labels=labels_of_waiting(),
    )


def labels_of_waiting() -> dict[str, Any]:
    """{key: text} of the line, plural ones with all their forms."""
    return {
        "lang": language(),
        "waiting": forms("{count} entry is waiting", "{count} entries are waiting"),
        "leaveTitle": forms("{count} entry is not saved yet", "{count} entries are not saved yet"),
        "leaveText": _(
            "They stay on this device and are sent when you sign in again here. Nobody else gets to see them."
        ),
        "stay": _("Stay"),
        "leaveAnyway": _("Sign out all the same"),
    }
