"""The opened setting: its form, or why it is only read, and its history."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.settings_page.payloads import LONGEST_VALUE
from ais_app.settings_page.state import SettingsState
from ais_app.settings_page.views import DayItem, OptionItem, StepItem
from ais_app.web.forms import field, kept_form
from ais_app.web.icons import icon
from ais_app.web.kit.tabs import tabs
from ais_app.web.variables import length


def editor() -> rx.Component:
    state, item = SettingsState, SettingsState.editor
    return rx.el.aside(
        rx.el.section(
            rx.el.div(
                rx.el.div(
                    rx.el.h2(item.name, id="setting-name", tab_index=-1),
                    rx.el.p(item.group, " · ", state.now, class_name="xs muted"),
                ),
                rx.el.button(
                    icon("close"),
                    type="button",
                    on_click=state.open_setting({"setting": ""}),
                    class_name="btn sm ghost",
                    custom_attrs={"aria-label": _("Back to the list"), "data-back": "true", "data-testid": "back"},
                ),
                class_name="hd",
            ),
            tabs(
                _("What is shown of the setting"),
                (
                    ("", rx.cond(item.may, _("Change"), _("About")), rx.cond(item.may, _form(), _only_read())),
                    ("history", _("History"), rx.el.div(_history(), class_name="bd")),
                ),
                state.asked["tab"],
                lambda tab: state.show_tab({"tab": tab}),
            ),
            class_name="card",
            custom_attrs={"aria-labelledby": "setting-name", "data-testid": "editor"},
        ),
    )


def _only_read() -> rx.Component:
    return rx.el.div(
        rx.el.p(SettingsState.editor.hint, class_name="sm muted"),
        rx.el.p(icon("lock"), SettingsState.editor.why_not, class_name="note", custom_attrs={"data-testid": "why-not"}),
        class_name="bd stack",
    )


def _form() -> rx.Component:
    state, item = SettingsState, SettingsState.editor
    return kept_form(
        "setting:" + item.key,
        rx.el.input(type="hidden", name="setting", id="setting", value=item.key, read_only=True),
        _value(),
        rx.cond(length(item.days) > 0, _days()),
        field(
            _("Why"),
            rx.el.input(
                name="reason",
                id="reason",
                max_length=LONGEST_REASON,
                class_name="input",
                custom_attrs={"data-testid": "setting-reason"},
            ),
            "reason",
            state.wrong,
        ),
        rx.el.div(
            rx.el.button(
                _("Write"), type="submit", class_name="btn primary", custom_attrs={"data-testid": "save-setting"}
            ),
            rx.cond(
                item.usual != "",
                rx.el.button(
                    item.usual,
                    type="button",
                    on_click=state.take_usual,
                    class_name="btn",
                    custom_attrs={"data-testid": "take-usual"},
                ),
            ),
            class_name="row wrap",
        ),
        rx.el.p(item.changes, class_name="xs muted"),
        key=item.key,
        on_submit=state.save,
        no_validate=True,
        class_name="setting bd stack",
    )


def _value() -> rx.Component:
    item = SettingsState.editor
    marks = {"data-testid": "setting-value"}

    def option(one: OptionItem) -> rx.Component:
        return rx.el.option(one.label, value=one.value)

    control = rx.cond(
        item.control == "choice",
        field(
            item.label,
            rx.el.select(
                rx.foreach(item.options, option),
                name="choice",
                id="choice",
                default_value=item.value,
                key=item.key + ":" + item.value,
                class_name="select",
                custom_attrs=dict(marks),
            ),
            "choice",
            SettingsState.wrong,
            "value",
        ),
        field(
            item.label,
            rx.el.input(
                name="value",
                id="value",
                default_value=item.value,
                key=item.key + ":" + item.value,
                input_mode="decimal",
                max_length=LONGEST_VALUE,
                auto_complete="off",
                class_name="input short",
                custom_attrs=dict(marks),
            ),
            "value",
            SettingsState.wrong,
        ),
    )
    return rx.el.div(control, rx.el.p(item.hint, class_name="sm muted", custom_attrs={"data-testid": "setting-hint"}))


def _days() -> rx.Component:
    def day(one: DayItem) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="since",
                value=one.value,
                default_checked=one.chosen,
                custom_attrs={"data-testid": "since-" + one.value},
            ),
            rx.el.b(one.title),
            rx.cond(one.badge != "", rx.el.span(one.badge, class_name="badge accent"), rx.el.span()),
            rx.cond(one.about != "", rx.el.p(one.about)),
            class_name="opt",
        )

    item = SettingsState.editor
    return rx.el.fieldset(
        rx.el.legend(_("From which day"), class_name="lbl"),
        rx.foreach(item.days, day),
        field(
            _("Another day"),
            rx.el.input(
                type="date",
                name="day",
                id="day",
                min=item.first,
                max=item.last,
                class_name="input",
                custom_attrs={"data-testid": "setting-day"},
            ),
            "day",
            SettingsState.wrong,
        ),
        class_name="from",
    )


def _history() -> rx.Component:
    def step(one: StepItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.cond(
                    one.before != "",
                    rx.el.span(
                        one.before,
                        icon("arrow"),
                        rx.el.span(_("became"), class_name="vh"),
                        one.after,
                        class_name="chg",
                    ),
                    rx.el.b(one.after),
                ),
                rx.cond(one.who != "", rx.el.b(" ", one.who)),
                rx.cond(one.about != "", rx.el.p(one.about, class_name="xs muted said")),
                rx.cond(
                    one.cancels != "",
                    rx.el.button(
                        _("Cancel the change"),
                        type="button",
                        on_click=SettingsState.cancel({"setting": SettingsState.editor.key, "day": one.cancels}),
                        class_name="btn sm",
                        custom_attrs={"data-testid": "cancel-" + one.cancels},
                    ),
                ),
            ),
            class_name=one.mark,
        )

    return rx.el.ol(
        rx.foreach(SettingsState.history, step), class_name="tlist", custom_attrs={"data-testid": "setting-history"}
    )
