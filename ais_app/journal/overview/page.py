"""`/journal` of those who look after a school: search, filters, chips, the table of journals."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.journal.overview.payloads import USUAL
from ais_app.journal.overview.state import JournalsState
from ais_app.journal.overview.views import JournalItem
from ais_app.web.address import kept_in_address
from ais_app.web.kit.conditions import chips, choice, export_link, numbered_turns, standing
from ais_app.web.kit.copy_link import copy_link
from ais_app.web.kit.search_field import search_field
from ais_app.web.kit.styles import kit_styles
from ais_app.web.kit.table import OPENS_ROW, Column, Listed, columns_choice, order_choice, table
from ais_app.web.shell import by_status, empty, failed
from ais_app.web.variables import length, variable


def overview() -> rx.Component:
    state = JournalsState
    listed = Listed(state.asked, state.choose, USUAL)
    return rx.fragment(
        kit_styles(),
        kept_in_address(state.address),
        rx.el.div(
            rx.el.div(
                rx.el.h1(_("Journals")),
                rx.el.p(state.summary, role="status", custom_attrs={"data-testid": "journals-summary"}),
            ),
            rx.el.div(
                columns_choice(COLUMNS, listed),
                copy_link(),
                export_link(_("Export the list"), state.export, "export-journals"),
                class_name="row wrap not-phone",
            ),
            class_name="pagehead",
        ),
        _conditions(listed),
        chips(_("What is missing"), "part", state.parts, state.asked["part"], state.choose),
        standing(state.standing, state.choose, state.forget_conditions),
        by_status(
            state.status,
            rx.cond(length(state.rows) > 0, _table(listed), _nothing()),
            failed(_("The journals could not be shown"), state.open_page),
        ),
    )


def _conditions(listed: Listed) -> rx.Component:
    state = JournalsState
    asked, choose = state.asked, state.choose
    return rx.el.div(
        search_field(_("Find a journal"), asked["q"], choose, _("Class, subject, teacher")),
        choice("school_class", _("Class"), _("All classes"), state.classes, asked, choose),
        choice("teacher", _("Teacher"), _("All teachers"), state.teachers, asked, choose),
        choice("subject", _("Subject"), _("All subjects"), state.subjects, asked, choose),
        order_choice(COLUMNS, listed, ORDERS),
        class_name="kfind no-print",
        role="search",
    )


def _table(listed: Listed) -> rx.Component:
    state = JournalsState
    return rx.el.section(
        table(_("Journals of the school"), COLUMNS, state.rows, listed, lambda item: item.uid, "journals"),
        numbered_turns(state.page, state.choose, "journals"),
        class_name="card",
    )


def _nothing() -> rx.Component:
    state = JournalsState
    return rx.el.section(
        empty(
            rx.cond(
                (length(state.standing) > 0) | (state.asked["part"] != ""),
                _("There are no journals like that"),
                _("No journals yet"),
            ),
            rx.cond(
                (length(state.standing) > 0) | (state.asked["part"] != ""),
                rx.cond(
                    state.asked["q"] != "",
                    rx.fragment(_("Searched for:"), " «", state.asked["q"], "»"),
                    _("No journal fits all that is chosen."),
                ),
                _("Courses appear here as soon as the workload of the year is entered."),
            ),
            rx.cond(
                (length(state.standing) > 0) | (state.asked["part"] != ""),
                rx.el.button(
                    p_("list", "Take the conditions away"),
                    type="button",
                    on_click=state.forget_conditions,
                    class_name="btn",
                    custom_attrs={"data-testid": "forget-conditions"},
                ),
            ),
            sign="search",
        ),
        class_name="card",
    )


def _title(item: JournalItem) -> rx.Component:
    return rx.el.a(
        item.title, href="/journal/" + item.uid, custom_attrs={**OPENS_ROW, "data-testid": "course-" + item.uid}
    )


def _written(item: JournalItem) -> rx.Component:
    bar = rx.el.span(
        rx.el.i(style={"width": variable(item.percent).to_string() + "%"}),
        class_name=rx.cond(item.whole, "bar", "bar warn"),
        custom_attrs={"aria-hidden": "true"},
    )
    return rx.el.div(rx.el.span(item.written), rx.cond(item.percent >= 0, bar), class_name="kpart")


def _missing(item: JournalItem) -> rx.Component:
    def badge(text: str, sign: str) -> rx.Component:
        return rx.cond(text != "", rx.el.span(text, class_name=f"badge {sign}"))

    return rx.el.div(
        badge(item.topic, "danger"),
        badge(item.homework, "warn"),
        badge(item.few, "warn"),
        badge(item.requests, "info"),
        class_name="kbadges",
    )


def _last(item: JournalItem) -> rx.Component:
    return rx.cond(item.late, rx.el.span(item.last, class_name="badge danger"), rx.el.span(item.last))


def _action(item: JournalItem) -> rx.Component:
    """One action for a row: to answer a request, on the home, or to open the journal."""

    def link(label: str, href: str) -> rx.Component:
        return rx.el.a(label, rx.el.span(": " + item.title, class_name="vh"), href=href, class_name="btn sm")

    return rx.cond(item.asks, link(p_("opening", "Answer"), "/"), link(p_("journal", "Open"), "/journal/" + item.uid))


COLUMNS = (
    Column("title", _("Class and subject"), _title, may_hide=False),
    Column("teacher", _("Teacher"), lambda item: item.teacher),
    Column("written", _("Lessons written down"), _written),
    Column("debts", _("What is missing"), _missing, falls=True, bare=True),
    Column("last", _("Last entry"), _last),
    Column("open", _("Action"), _action, sorts=False, may_hide=False, kind="act"),
)
ORDERS = ((USUAL, _("debts first")), ("last", _("long without entries")))
