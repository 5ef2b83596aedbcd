"""«Вернуть обычные»: what of a group would change, why, and writing it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.settings_page.state import SettingsState
from ais_app.web.forms import field, kept_form
from ais_app.web.kit.dialog import cancel_button, dialog, opens_dialog

NAME = "usual-values"


def usual_button(group: Any) -> rx.Component:
    return rx.el.button(
        _("Back to the usual"),
        type="button",
        on_click=SettingsState.ask_usual({"group": group}),
        class_name="btn sm ghost",
        custom_attrs=opens_dialog(NAME),
    )


def usual_dialog() -> rx.Component:
    state, item = SettingsState, SettingsState.usual
    return dialog(
        NAME,
        _("Back to the usual values?"),
        rx.el.p(item.title, class_name="muted"),
        rx.el.ul(rx.foreach(item.lines, lambda line: rx.el.li(line)), custom_attrs={"data-testid": "usual-lines"}),
        rx.el.p(_("What was to hold later is cancelled. What was before keeps its values."), class_name="sm muted"),
        kept_form(
            "usual:" + item.group,
            rx.el.input(type="hidden", name="group", value=item.group, read_only=True),
            field(
                _("Why"),
                rx.el.input(
                    name="reason",
                    max_length=LONGEST_REASON,
                    class_name="input",
                    custom_attrs={"id": "usual-reason", "data-testid": "usual-reason"},  # as `id` it would be sent
                ),
                "usual-reason",
                state.wrong,
                "reason",
            ),
            rx.el.div(
                rx.el.button(
                    _("Write"), type="submit", class_name="btn primary", custom_attrs={"data-testid": "write-usual"}
                ),
                cancel_button(),
                class_name="row wrap",
            ),
            on_submit=state.write_usual,
            no_validate=True,
            class_name="stack",
        ),
        finished=state.usual_written,
    )
