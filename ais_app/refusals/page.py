"""`/refusals`: search, the kinds, the table."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.refusals.payloads import USUAL
from ais_app.refusals.state import RefusalsState
from ais_app.school.page_frame import in_page_frame
from ais_app.web.address import kept_in_address
from ais_app.web.kit.conditions import choice, numbered_turns, standing
from ais_app.web.kit.search_field import search_field
from ais_app.web.kit.styles import kit_styles
from ais_app.web.kit.table import Column, Listed, order_choice, table
from ais_app.web.shell import by_status, empty, failed
from ais_app.web.variables import length

COLUMNS = (
    Column("last", _("Last time"), lambda item: item.last, falls=True),
    Column("kind", _("What"), lambda item: item.kind, sorts=False),
    Column("subject", _("At what"), lambda item: item.subject, sorts=False),
    Column("who", _("Account"), lambda item: item.who, sorts=False),
    Column("network", _("From where"), lambda item: item.network, sorts=False),
    Column("count", _("How often"), lambda item: item.count, falls=True, kind="num"),
)


def refusals_page() -> rx.Component:
    state = RefusalsState
    listed = Listed(state.asked, state.choose, USUAL)
    return in_page_frame(
        kit_styles(),
        kept_in_address(state.address),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(p_("page", "Refusals")),
                    rx.el.p(_("What was refused in the last 30 days, counted by day; each day is in the ledger.")),
                ),
                class_name="pagehead",
            ),
            rx.el.div(
                search_field(_("Find a refusal"), state.asked["q"], state.choose, _("Account, address, subject")),
                choice("kind", _("What"), _("Everything"), state.kinds, state.asked, state.choose),
                order_choice(COLUMNS, listed),
                class_name="kfind no-print",
                role="search",
            ),
            standing(state.standing, state.choose, state.forget_conditions),
            by_status(
                state.status,
                rx.cond(length(state.rows) > 0, _table(listed), _nothing()),
                failed(_("The refusals could not be shown"), state.open_page),
            ),
            class_name="page",
        ),
    )


def _table(listed: Listed) -> rx.Component:
    state = RefusalsState
    return rx.el.section(
        table(p_("page", "Refusals"), COLUMNS, state.rows, listed, lambda item: item.key, "refusals"),
        numbered_turns(state.page, state.choose, "refusals"),
        class_name="card",
    )


def _nothing() -> rx.Component:
    narrowed = length(RefusalsState.standing) > 0
    return rx.el.section(
        empty(
            rx.cond(narrowed, _("Nothing like that was refused"), _("Nothing was refused")),
            rx.cond(
                narrowed, _("Take a condition away to see more."), _("Wrong passwords and other refusals appear here.")
            ),
            sign="shield",
        ),
        class_name="card",
    )
