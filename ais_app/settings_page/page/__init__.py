"""`/settings`: groups, the list of settings, and beside it the opened one."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.school.page_frame import in_page_frame
from ais_app.settings_page.page.editor import editor
from ais_app.settings_page.page.keys import setting_keys
from ais_app.settings_page.page.rows import group_list, rows
from ais_app.settings_page.payloads import LONGEST_WORDS
from ais_app.settings_page.state import SettingsState
from ais_app.web.address import kept_in_address
from ais_app.web.icons import icon
from ais_app.web.shell import by_status, failed


def settings_page() -> rx.Component:
    state = SettingsState
    return in_page_frame(
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
                    rx.el.div(rows(), class_name="stack"),
                    rx.cond(state.editor.key != "", editor()),
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
        rx.el.div(
            icon("find"),
            rx.el.input(
                id="find-setting",
                type="search",
                default_value=state.asked["find"],
                key=state.status + state.asked["group"],
                on_change=lambda words: state.find({"words": words}),
                placeholder=_("Find a setting"),
                max_length=LONGEST_WORDS,
                class_name="input",
                custom_attrs={"aria-label": _("Find a setting"), "data-testid": "find-setting", "data-search": "true"},
            ),
            class_name="find",
        ),
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
