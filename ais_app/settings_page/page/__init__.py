"""`/settings`: groups, the list of settings, and beside it the opened one."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.school.page_frame import in_page_frame
from ais_app.settings_page.page.editor import editor
from ais_app.settings_page.page.keys import setting_keys
from ais_app.settings_page.page.rows import group_list, rows
from ais_app.settings_page.page.usual import usual_dialog
from ais_app.settings_page.state import SettingsState
from ais_app.web.address import kept_in_address
from ais_app.web.kit.search_field import search_field
from ais_app.web.kit.styles import kit_styles
from ais_app.web.shell import by_status, failed


def settings_page() -> rx.Component:
    state = SettingsState
    return in_page_frame(
        kit_styles("settings"),
        kept_in_address(state.address),
        setting_keys(state.editor.key),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(_("Settings of the school")),
                    rx.el.p(_("Numbers and rules. Every change with its day, its author and its reason.")),
                ),
                _tools(),
                class_name="pagehead",
            ),
            by_status(
                state.status,
                rx.el.div(
                    group_list(),
                    rx.el.div(rows(), class_name="stack", custom_attrs={"data-rows": "true"}),
                    rx.cond(state.editor.key != "", editor()),
                    usual_dialog(),
                    class_name="sett",
                ),
                failed(_("The settings could not be shown"), state.open_page),
            ),
            class_name="page settings",
        ),
    )


def _tools() -> rx.Component:
    state = SettingsState
    return rx.el.div(
        search_field(_("Find a setting"), state.asked["find"], state.find, _("Find a setting"), "find"),
        rx.el.button(
            _("Only changed"),
            " ",
            state.changed_count,
            type="button",
            on_click=state.only_changed,
            class_name="btn sm",
            custom_attrs={
                "aria-pressed": rx.cond(state.asked["changed"] != "", "true", "false"),
                "data-testid": "only-changed",
            },
        ),
        class_name="tools",
    )
