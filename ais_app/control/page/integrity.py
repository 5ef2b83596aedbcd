"""«Проверка»: whether the record is what was entered into it."""

from __future__ import annotations

import reflex as rx

from ais_app.control.payloads import CheckForm
from ais_app.control.state import ChainItem, CheckItem, FaultItem, IntegrityState, StepItem
from ais_app.i18n import _, p_
from ais_app.school.page_frame import in_page_frame
from ais_app.web.forms import OPENS
from ais_app.web.icons import icon, icon_of
from ais_app.web.kit.form_of import form_of
from ais_app.web.kit.styles import kit_styles
from ais_app.web.variables import length, one_of


def integrity_page() -> rx.Component:
    """`/integrity`: the check with its steps and what it found, the heads of the chains, how to check without us."""
    return in_page_frame(
        kit_styles(),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(_("Integrity of the record")),
                    rx.el.p(_("Whether the record of the school is what was entered into it.")),
                ),
                class_name="pagehead",
            ),
            rx.el.div(
                rx.el.div(_verdict(), _only_new(), _faults(), _steps(), class_name="stack"),
                rx.el.div(_checks(), _heads(), _hands_off(), _without_us(), class_name="stack"),
                class_name="lay",
            ),
            class_name="page",
        ),
    )


def _verdict() -> rx.Component:
    state = IntegrityState
    return rx.el.section(
        rx.el.div(
            rx.el.div(_result(), class_name="grow", role="status", custom_attrs={"data-testid": "verdict"}),
            rx.cond(
                state.busy,
                rx.el.button(
                    _("Stop"),
                    on_click=IntegrityState.stop,
                    class_name="btn",
                    custom_attrs={"data-testid": "stop-check"},
                ),
                rx.el.button(
                    _("Check now"),
                    on_click=IntegrityState.check,
                    class_name="btn primary",
                    custom_attrs={"data-testid": "check"},
                ),
            ),
            class_name="bd verdict",
        ),
        class_name=rx.match(state.verdict, ("whole", "card sure"), ("broken", "card unsure"), "card"),
    )


def _only_new() -> rx.Component:
    state = IntegrityState
    form = form_of(
        CheckForm, "check", state.values, state.errors, state.check_since, submit=_("Check it"), test_id="checknew"
    )
    return rx.el.details(
        rx.el.summary(rx.el.h2(_("Check only what is new")), icon("plus"), class_name="hd"),
        rx.el.div(form, class_name="bd"),
        class_name="card",
        custom_attrs=OPENS,
    )


def _result() -> rx.Component:
    state = IntegrityState
    return one_of(
        state.verdict,
        (
            "whole",
            rx.fragment(
                rx.el.h2(icon("check"), _("The record is whole")),
                rx.el.p(_("Checked:"), " ", state.checked, class_name="muted"),
            ),
        ),
        (
            "broken",
            rx.fragment(
                rx.el.h2(icon("alert"), _("The record is not what was entered:"), " ", state.count),
                rx.el.p(_("Checked:"), " ", state.checked, class_name="muted"),
            ),
        ),
        (
            "elsewhere",
            rx.fragment(
                rx.el.h2(icon("alert"), _("The check of the whole installation found a difference")),
                rx.el.p(
                    _("Check the record of your school: it says whether the difference is here."), class_name="muted"
                ),
            ),
        ),
        (
            "failed",
            rx.fragment(
                rx.el.h2(icon("alert"), _("The check could not be made")),
                rx.el.p(_("Ask the administrator: `ais verify --records` on the server says why."), class_name="muted"),
            ),
        ),
        rx.fragment(
            rx.el.h2(
                rx.cond(
                    state.waiting,
                    _("The check waits for its turn"),
                    rx.cond(state.busy, _("Checking the record"), _("Not checked from this page yet")),
                )
            ),
            rx.el.p(_("The school works on meanwhile. You can leave the page: the check goes on."), class_name="muted"),
        ),
    )


def _faults() -> rx.Component:
    def fault(item: FaultItem) -> rx.Component:
        return rx.el.li(
            rx.el.span(icon("alert"), class_name="bx bad"),
            rx.el.div(rx.el.b(item.title), rx.el.p(item.said, class_name="sm muted said"), class_name="grow"),
            rx.cond(item.history != "", rx.el.a(_("History"), href=item.history, class_name="btn sm")),
        )

    state = IntegrityState
    return rx.cond(
        length(state.faults) > 0,
        rx.el.section(
            rx.el.div(rx.el.h2(_("What differs")), class_name="hd"),
            rx.el.ul(rx.foreach(state.faults, fault), class_name="tl", custom_attrs={"data-testid": "faults"}),
            rx.cond(state.more != "", rx.el.p(state.more, class_name="bd")),
            class_name="card",
        ),
    )


def _steps() -> rx.Component:
    def step(item: StepItem) -> rx.Component:
        return rx.el.li(
            rx.el.span(icon_of(item.icon), class_name="bx"),
            rx.el.div(rx.el.b(item.title), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
            one_of(
                item.state,
                ("whole", rx.el.span(icon("check"), _("agrees"), class_name="badge ok")),
                ("broken", rx.el.span(icon("alert"), item.found, class_name="badge danger")),
                ("running", rx.el.span(icon("clock"), _("is checked"), class_name="badge")),
                rx.fragment(),
            ),
            custom_attrs={"data-testid": "step-" + item.key},
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("What is checked")), class_name="hd"),
        rx.el.ul(rx.foreach(IntegrityState.steps, step), class_name="tl"),
        class_name="card",
    )


def _checks() -> rx.Component:
    def check(item: CheckItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.b(item.when),
                rx.el.p(item.who, rx.cond(item.said != "", ": ", ""), item.said, class_name="sm muted"),
                class_name="grow",
            ),
            one_of(
                item.state,
                ("done", rx.el.span(icon("check"), _("agrees"), class_name="badge ok")),
                ("found", rx.el.span(icon("alert"), p_("job", "found something"), class_name="badge warn")),
                ("running", rx.el.span(icon("clock"), p_("job", "runs"), class_name="badge info")),
                ("waiting", rx.el.span(p_("job", "waits"), class_name="badge")),
                ("failed", rx.el.span(icon("alert"), p_("job", "failed"), class_name="badge danger")),
                rx.el.span(p_("job", "stopped"), class_name="badge"),
            ),
        )

    return rx.cond(
        length(IntegrityState.checks) > 0,
        rx.el.section(
            rx.el.div(
                rx.el.div(rx.el.h2(_("Last checks")), rx.el.p(_("each night by itself"), class_name="sm muted")),
                class_name="hd",
            ),
            rx.el.ul(rx.foreach(IntegrityState.checks, check), class_name="tl", custom_attrs={"data-testid": "checks"}),
            class_name="card",
        ),
    )


def _heads() -> rx.Component:
    def chain(item: ChainItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.b(item.name),
                rx.el.p(_("No."), " ", item.count, class_name="sm"),
                rx.el.code(item.hash),
                class_name="grow",
            )
        )

    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(_("Head of the chain")),
                rx.el.p(_("compare it with paper or a letter"), class_name="sm muted"),
            ),
            class_name="hd",
        ),
        rx.el.ul(rx.foreach(IntegrityState.chains, chain), class_name="tl", custom_attrs={"data-testid": "chains"}),
        class_name="card",
    )


def _hands_off() -> rx.Component:
    return rx.cond(
        IntegrityState.verdict == "broken",
        rx.el.section(
            rx.el.div(rx.el.h2(_("What not to do")), class_name="hd"),
            rx.el.div(
                rx.el.p(_("Mend no row in the database: that leaves a second trace.")),
                rx.el.p(_("Enter no mark anew in the journal: what was there is lost.")),
                rx.el.p(_("Keep a copy of the data folder and tell the administrator.")),
                class_name="bd stack",
            ),
            class_name="card",
        ),
    )


def _without_us() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(_("Check without this page")), class_name="hd"),
        rx.el.div(
            rx.el.p(_("A command on the server says the same: 0 at its end means whole, 1 that something differs.")),
            rx.el.pre(rx.el.code("ais verify --records")),
            class_name="bd stack",
        ),
        class_name="card",
    )
