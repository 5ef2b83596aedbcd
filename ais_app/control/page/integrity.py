"""The page of the ledger's integrity."""

from __future__ import annotations

import reflex as rx

from ais_app.control.state import ChainItem, IntegrityState
from ais_app.i18n import _
from ais_app.school.page_frame import in_page_frame
from ais_app.web.icons import icon
from ais_app.web.variables import one_of


def integrity_page() -> rx.Component:
    """`/integrity`: the chains that the actor may check, a button, and the result."""

    def chain(item: ChainItem) -> rx.Component:
        return rx.el.tr(rx.el.td(item.name), rx.el.td(item.count, class_name="num"))

    state = IntegrityState
    return in_page_frame(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(_("Integrity of the history")),
                    rx.el.p(
                        _(
                            "Every change is one link of a chain. The check walks it from the first link on. "
                            "What stands in the journal now is not compared with it yet."
                        )
                    ),
                ),
                class_name="pagehead",
            ),
            rx.el.section(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(_("Chain"), scope="col"), rx.el.th(_("Operations"), scope="col", class_name="num")
                        )
                    ),
                    rx.el.tbody(rx.foreach(state.chains, chain)),
                    class_name="tbl",
                    custom_attrs={"data-testid": "chains"},
                ),
                rx.el.div(
                    rx.el.button(
                        rx.cond(state.busy, _("Checking…"), _("Check now")),
                        on_click=IntegrityState.check,
                        disabled=state.busy,
                        class_name="btn primary",
                        custom_attrs={"data-testid": "check", "aria-busy": rx.cond(state.busy, "true", "false")},
                    ),
                    rx.el.div(_result(), role="status", custom_attrs={"data-testid": "verdict"}),
                    class_name="bd check",
                ),
                class_name="card narrow",
            ),
            class_name="page",
        ),
    )


def _result() -> rx.Component:
    state = IntegrityState
    return one_of(
        state.verdict,
        ("whole", rx.el.p(icon("check"), _("The chain is whole. Checked:"), " ", state.checked, class_name="note ok")),
        (
            "broken",
            rx.el.div(
                rx.el.div(
                    rx.el.p(rx.el.b(_("The chain is not whole. Checked:"), " ", state.checked)),
                    rx.el.p(_("Change nothing, keep a copy of the data folder and tell the administrator.")),
                    rx.el.p(_("What the check found, in the words of the ledger, for whoever keeps the server:")),
                    rx.el.ul(rx.foreach(state.faults, lambda fault: rx.el.li(fault))),
                ),
                class_name="note danger",
                role="alert",
            ),
        ),
        rx.fragment(),
    )
