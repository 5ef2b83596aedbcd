"""Groups with what was changed of all, and the rows of settings."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.settings_page.page.usual import usual_button
from ais_app.settings_page.state import SettingsState
from ais_app.settings_page.views import GroupItem, RowItem, SectionItem
from ais_app.web.icons import icon
from ais_app.web.kit.table import OPENS_ROW
from ais_app.web.shell import empty
from ais_app.web.variables import length


def group_list() -> rx.Component:
    def group(item: GroupItem) -> rx.Component:
        return rx.el.button(
            item.name,
            rx.el.span(item.count, class_name=rx.cond(item.changed, "n ch", "n")),
            type="button",
            on_click=SettingsState.choose_group({"group": item.key}),
            custom_attrs={
                "aria-current": rx.cond(item.current, "true", None),
                "data-testid": "group-" + item.key,
            },
        )

    return rx.el.nav(
        rx.foreach(SettingsState.groups, group),
        rx.el.p(_("Green: how many differ from the usual."), " ", SettingsState.total, class_name="xs dim not-phone"),
        class_name="snav",
        custom_attrs={"aria-label": _("Groups of settings")},
    )


def rows() -> rx.Component:
    return rx.cond(
        length(SettingsState.sections) > 0,
        rx.foreach(SettingsState.sections, _section),
        rx.el.section(_nothing(), class_name="card"),
    )


def _nothing() -> rx.Component:
    state = SettingsState
    return empty(
        _("There is no such setting"),
        rx.cond(state.near.value != "", _("The most like it:") + " " + state.near.label, _("Take other words.")),
        rx.cond(
            state.near.value != "",
            rx.el.button(
                _("Open it"),
                type="button",
                on_click=state.open_setting({"setting": state.near.value}),
                class_name="btn",
                custom_attrs={"data-testid": "open-near"},
            ),
        ),
        sign="gear",
    )


def _section(item: SectionItem) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(rx.el.h2(item.name), rx.el.p(item.about, class_name="xs muted")),
            rx.cond(item.may_take_usual, usual_button(item.key)),
            class_name="hd",
        ),
        rx.foreach(item.rows, _row),
        key=item.key,
        class_name="card",
        custom_attrs={"data-testid": "section-" + item.key},
    )


def _row(item: RowItem) -> rx.Component:
    words = rx.el.span(rx.el.b(item.name), rx.el.span(item.about, class_name="ex"))
    value = rx.el.span(item.value, rx.el.small(item.against, class_name=rx.cond(item.future, "f", "")), class_name="vl")
    return rx.cond(
        item.locked,
        rx.el.div(words, value, icon("lock"), class_name="srow", custom_attrs={"data-testid": "rule-" + item.key}),
        rx.el.button(
            words,
            value,
            icon("right"),
            type="button",
            on_click=SettingsState.open_setting({"setting": item.key}),
            class_name="srow",
            custom_attrs={
                "aria-current": rx.cond(item.current, "true", None),
                "data-setting": item.key,
                **OPENS_ROW,
                "data-testid": "setting-" + item.key,
            },
        ),
    )
