"""Writing after the edit window: the request beside a locked lesson, and the deputy's answers on the home page."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.windows.state import OpeningsState, OpenItem, RequestItem
from ais_app.web.address import kept_in_address
from ais_app.web.cards import counted, listed
from ais_app.web.forms import FORGETS, OPENS, kept_form, text_field
from ais_app.web.icons import icon
from ais_app.web.shell import by_status, failed
from ais_app.web.variables import length


def request() -> rx.Component:
    """Part of the lesson's panel: until when it is opened, what was asked and answered, and a way to ask."""
    asking = LessonState.asking
    return rx.fragment(
        rx.cond(
            asking.opened != "",
            rx.el.div(
                icon("open"),
                rx.el.div(
                    rx.el.p(rx.el.b(asking.opened)),
                    rx.cond(asking.reason != "", rx.el.p(_("Reason:"), " ", asking.reason, class_name="xs")),
                ),
                class_name="note ok",
                role="status",
                custom_attrs={"data-testid": "lesson-opened"},
            ),
        ),
        rx.cond(
            asking.ended != "",
            rx.el.p(icon("clock"), asking.ended, class_name="note", custom_attrs={"data-testid": "lesson-ended"}),
        ),
        rx.cond(
            asking.asked != "",
            rx.el.div(
                rx.el.p(asking.asked, class_name="sm"),
                rx.cond(asking.declined != "", rx.el.p(rx.el.b(asking.declined), class_name="sm")),
                rx.cond(
                    asking.waiting != "",
                    rx.el.button(
                        _("Take the request back"),
                        on_click=LessonState.withdraw_request({"request": asking.waiting}),
                        class_name="linkish sm",
                        custom_attrs={"data-testid": "withdraw-request"},
                    ),
                ),
                class_name="asked",
                role="status",
                custom_attrs={"data-testid": "lesson-asked"},
            ),
        ),
        rx.cond(asking.may & (asking.waiting == ""), _ask()),
    )


def _ask() -> rx.Component:
    draft = "opening:" + LessonState.lesson_key.split("-")[0]
    return rx.el.details(
        rx.el.summary(icon("open"), _("Ask to open"), class_name="btn sm", custom_attrs={"data-testid": "ask-opening"}),
        kept_form(
            draft,
            text_field(
                _("Why it must be written after the term"),
                "reason",
                LessonState.wrong,
                control=rx.el.textarea,
                test_id="opening-reason",
                max_length=500,
                required=True,
            ),
            rx.cond(
                LessonState.cell.name != "",
                rx.el.label(
                    rx.el.input(type="checkbox", name="only", custom_attrs={"data-testid": "opening-only"}),
                    rx.el.span(_("Only for"), " ", LessonState.cell.name),
                    class_name="chk",
                ),
            ),
            rx.el.button(
                _("Ask to open"), type="submit", class_name="btn primary", custom_attrs={"data-testid": "send-request"}
            ),
            on_submit=LessonState.ask_opening,
            no_validate=True,
        ),
        key=LessonState.lesson_key,
        class_name="ask",
        custom_attrs=OPENS,
    )


def openings() -> rx.Component:
    """Part of the home of those who answer requests; nobody else sees any of it."""
    return rx.cond(
        OpeningsState.shown,
        rx.fragment(
            kept_in_address(OpeningsState.address),
            by_status(
                OpeningsState.status,
                rx.fragment(_requests(), rx.cond(length(OpeningsState.opened) > 0, _opened())),
                failed(_("The requests could not be shown"), OpeningsState.open_part),
            ),
        ),
    )


def _requests() -> rx.Component:
    return rx.el.section(
        counted(_("Asked to be opened"), OpeningsState.requests),
        listed(OpeningsState.requests, _request, _("Nobody asks to write after the term.")),
        class_name="card tg",
        custom_attrs={"data-testid": "openings"},
    )


def _request(item: RequestItem) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("open"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.p(rx.el.a(rx.el.b(item.title), href=item.href)),
            rx.el.p(item.about, class_name="sm"),
            rx.el.p(item.reason, class_name="sm muted said"),
            rx.el.p(_("Asked on"), " ", item.since, class_name="xs dim"),
            class_name="grow",
        ),
        rx.cond(item.waits != "", rx.el.span(item.waits, class_name=rx.cond(item.late, "badge danger", "badge"))),
        rx.el.div(
            rx.el.button(
                OpeningsState.grants,
                on_click=OpeningsState.grant({"request": item.uid}),
                class_name="btn sm primary",
                custom_attrs={"data-testid": "grant-" + item.uid},
            ),
            rx.el.button(
                _("Decline"),
                on_click=OpeningsState.choose({"request": item.uid}),
                class_name="btn sm",
                custom_attrs={
                    "aria-expanded": rx.cond(OpeningsState.declining == item.uid, "true", "false"),
                    "data-testid": "decline-" + item.uid,
                },
            ),
            class_name="row acts",
        ),
        rx.cond(OpeningsState.declining == item.uid, _decline(item)),
        key=item.uid,
        custom_attrs={"data-testid": "request-" + item.uid},
    )


def _decline(item: RequestItem) -> rx.Component:
    return kept_form(
        "decline:" + item.uid,
        rx.el.input(type="hidden", name="request", id="request", value=item.uid, read_only=True),
        text_field(
            _("What the teacher is told"),
            "answer",
            OpeningsState.wrong,
            test_id="decline-answer",
            max_length=500,
            required=True,
            auto_focus=True,
        ),
        rx.el.button(_("Decline"), type="submit", class_name="btn", custom_attrs={"data-testid": "send-decline"}),
        rx.el.button(
            _("Cancel"),
            type="button",
            on_click=OpeningsState.choose({"request": item.uid}),
            class_name="btn ghost",
            custom_attrs=FORGETS,
        ),
        on_submit=OpeningsState.decline,
        no_validate=True,
        class_name="exc",
    )


def _opened() -> rx.Component:
    def row(item: OpenItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(rx.el.b(item.title)), rx.el.p(item.about, class_name="sm muted said"), class_name="grow"),
            rx.el.span(item.until, class_name="badge ok"),
            rx.el.button(
                _("Close now"),
                on_click=OpeningsState.close({"opening": item.uid}),
                class_name="btn sm",
                custom_attrs={"data-testid": "close-" + item.uid},
            ),
            key=item.uid,
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Open after the term")), class_name="hd"),
        rx.el.ul(rx.foreach(OpeningsState.opened, row), class_name="tl"),
        class_name="card tg",
        custom_attrs={"data-testid": "opened-now"},
    )
