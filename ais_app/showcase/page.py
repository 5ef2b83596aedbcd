"""`/kit`: the kit of pages in all its states."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.school.page_frame import in_page_frame
from ais_app.showcase.payloads import KitForm
from ais_app.showcase.room import LARGEST_FILE
from ais_app.showcase.state import PATH, WORDS, KitState
from ais_app.showcase.views import USUAL, KitRow
from ais_app.web.address import kept_in_address
from ais_app.web.kit.conditions import chips, choice, numbered_turns, standing
from ais_app.web.kit.copy_link import copy_link
from ais_app.web.kit.dialog import cancel_button, destroying, dialog, opens_dialog
from ais_app.web.kit.file_field import file_field
from ais_app.web.kit.form_of import discard_button, form_of
from ais_app.web.kit.progress import progress
from ais_app.web.kit.search_field import search_field
from ais_app.web.kit.steps import steps
from ais_app.web.kit.styles import kit_styles
from ais_app.web.kit.table import OPENS_ROW, Column, Listed, columns_choice, order_choice, table
from ais_app.web.kit.tabs import tabs
from ais_app.web.shell import by_status, empty, failed
from ais_app.web.variables import length


def kit_page() -> rx.Component:
    state = KitState

    def choose_tab(value: str):
        return state.choose({"name": "tab", "value": value})

    return in_page_frame(
        kit_styles(),
        kept_in_address(state.address),
        rx.el.div(
            rx.el.div(
                rx.el.div(rx.el.h1(_("The kit of pages")), rx.el.p(_("Every piece in all its states."))),
                copy_link(),
                class_name="pagehead",
            ),
            tabs(
                _("Pieces"),
                (
                    ("table", p_("piece", "Table"), _table_part()),
                    ("form", p_("piece", "Form"), _form_part()),
                    ("long", _("Steps, files, progress"), _long_part()),
                    ("dialog", _("Dialogs"), _dialog_part()),
                ),
                state.tab,
                choose_tab,
            ),
            class_name="page",
        ),
    )


def _link(row: KitRow) -> rx.Component:
    return rx.el.a(row.title, href=f"{PATH}?step=check", custom_attrs={**OPENS_ROW, "data-testid": "row-" + row.uid})


def _debts(row: KitRow) -> rx.Component:
    return rx.cond(row.debts > 0, rx.el.span(row.debts, class_name="badge warn"), rx.el.span("—", class_name="dim"))


COLUMNS = (
    Column("title", _("Class and subject"), _link, may_hide=False),
    Column("teacher", _("Teacher"), lambda row: row.teacher),
    Column("lessons", _("Lessons"), lambda row: row.lessons, falls=True, kind="num"),
    Column("debts", _("What is missing"), _debts, falls=True),
    Column(
        "open",
        _("Action"),
        lambda _row: rx.el.button(p_("opening", "Answer"), type="button", class_name="btn sm"),
        sorts=False,
        may_hide=False,
        kind="act",
    ),
)


def _table_part() -> rx.Component:
    state = KitState
    listed = Listed(state.asked, state.choose, USUAL)
    whole = rx.el.section(
        table(_("Journals"), COLUMNS, state.rows, listed, lambda row: row.uid, "kit-table"),
        numbered_turns(state.page, state.choose, "kit"),
        class_name="card",
    )
    nothing = rx.el.section(
        empty(
            _("There are no journals like that"),
            rx.cond(state.asked["q"] != "", rx.fragment(_("Searched for:"), " «", state.asked["q"], "»"), ""),
            rx.el.button(p_("list", "Take the conditions away"), on_click=state.forget_conditions, class_name="btn"),
            sign="search",
        ),
        class_name="card",
    )
    return rx.el.div(
        rx.el.div(
            search_field(_("Find a journal"), state.asked["q"], state.choose, _("Class, subject, teacher")),
            choice("school_class", _("Class"), _("All classes"), state.classes, state.asked, state.choose),
            columns_choice(COLUMNS, listed),
            order_choice(COLUMNS, listed),
            class_name="kfind",
            role="search",
        ),
        chips(_("What is missing"), "part", state.parts, state.asked["part"], state.choose),
        standing(state.standing, state.choose, state.forget_conditions),
        by_status(
            state.status,
            rx.cond(length(state.rows) > 0, whole, nothing),
            failed(_("The journals could not be shown"), state.forget_conditions),
        ),
        class_name="stack",
    )


def _form_part() -> rx.Component:
    state = KitState
    return rx.el.section(
        rx.el.div(
            form_of(
                KitForm,
                "kit:form",
                state.values,
                state.errors,
                state.save,
                discard_button(_("Bring back")),
                test_id="kitform",
            ),
            class_name="bd",
        ),
        class_name="card",
    )


def _long_part() -> rx.Component:
    state = KitState
    stop = rx.el.button(_("Stop"), type="button", class_name="btn sm")
    jobs = rx.foreach(
        state.jobs,
        lambda job, number: rx.el.div(
            progress(_("List of classes"), job, stop, test_id="job-" + number.to_string()), class_name="bd"
        ),
    )
    return rx.el.div(
        rx.el.section(rx.el.div(steps(_("Steps"), state.items, state.choose), class_name="bd"), class_name="card"),
        rx.el.section(
            rx.el.div(
                file_field(
                    _("List of classes"), "kit-file", f"{PATH}/file", (".csv", ".xlsx"), LARGEST_FILE, state.receive
                ),
                rx.el.p(state.received, class_name="sm muted", custom_attrs={"data-testid": "kit-received"}),
                class_name="bd",
            ),
            class_name="card",
        ),
        rx.el.section(jobs, class_name="card"),
        class_name="stack",
    )


def _dialog_part() -> rx.Component:
    state = KitState
    return rx.el.section(
        rx.el.div(
            rx.el.button(_("Open a dialog"), type="button", class_name="btn", custom_attrs=opens_dialog("kit-plain")),
            rx.el.button(_("Remove…"), type="button", class_name="btn danger", custom_attrs=opens_dialog("kit-remove")),
            class_name="bd row wrap",
        ),
        dialog("kit-plain", _("Lessons of a day"), rx.el.p(_("What a dialog is about.")), cancel_button()),
        destroying(
            "kit-remove",
            _("Remove the list?"),
            _("The list goes, the history keeps it."),
            WORDS,
            _("Remove"),
            state.remove,
            state.words_errors,
            finished=state.removed,
        ),
        class_name="card",
    )
