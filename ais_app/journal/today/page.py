"""The day of a teaching person, for the home page: what to do on the left, the lessons on the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.attendance.views import reason_names
from ais_app.journal.today.state import DueItem, LessonItem, MissingItem, TodayState
from ais_app.web.address import kept_in_address
from ais_app.web.cards import counted, listed
from ais_app.web.forms import field, kept_form, text_field
from ais_app.web.icons import icon
from ais_app.web.shell import by_status, failed
from ais_app.web.variables import length


def today() -> rx.Component:
    """Shown to those who teach; nobody else sees any of it."""
    return rx.cond(
        TodayState.teaches,
        rx.fragment(
            kept_in_address(TodayState.address),
            by_status(
                TodayState.status,
                rx.el.div(
                    rx.el.div(_due(), rx.cond(TodayState.leads, _missing()), class_name="stack"),
                    _lessons(),
                    class_name="lay",
                    custom_attrs={"data-testid": "today"},
                ),
                failed(_("The work of the day could not be shown"), TodayState.open_part),
            ),
        ),
    )


def title() -> rx.Var[str]:
    """The heading of the home: what a teaching person does today, the day itself for everybody else."""
    return rx.cond(TodayState.teaches, _("What to do today"), _("Today"))


def waiting() -> rx.Component:
    """«. Осталось 4 дела», after the date in the head of the page; empty for those who do not teach."""
    return rx.cond(
        TodayState.teaches & (TodayState.status == "ready"), rx.fragment(". ", TodayState.sum), rx.fragment()
    )


def _due() -> rx.Component:
    return rx.el.section(
        counted(_("Not written down yet"), TodayState.due),
        listed(TodayState.due, _due_item, _("Everything held so far is written down.")),
        class_name="card tg",
        custom_attrs={"data-testid": "to-write-down"},
    )


def _due_item(item: DueItem, index: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("pen"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(rx.el.p(rx.el.b(item.title)), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
        rx.el.span(item.term, class_name=rx.cond(item.late, "badge warn", "badge")),
        rx.el.a(_("Write down"), href=item.href, class_name=rx.cond(index == 0, "btn sm primary", "btn sm")),
    )


def _lessons() -> rx.Component:
    def row(item: LessonItem) -> rx.Component:
        return rx.el.li(
            rx.el.span(item.time, class_name="tm"),
            rx.el.b(item.class_name),
            rx.el.a(item.subject, " ", rx.el.span(item.room, class_name="dim xs"), href=item.href, class_name="grow"),
            rx.el.span(rx.cond(item.mood == "done", icon("check")), item.state, class_name="xs"),
            class_name=rx.match(item.mood, ("done", "done"), ("now", "now"), ("warn", "wn"), ""),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Lessons today")), class_name="hd"),
        rx.cond(
            length(TodayState.lessons) > 0,
            rx.el.ol(rx.foreach(TodayState.lessons, row), class_name="dl"),
            rx.el.p(_("There are no lessons today."), class_name="bd muted"),
        ),
        class_name="card",
        custom_attrs={"data-testid": "lessons-today"},
    )


def _missing() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(_("Absent in the class")), class_name="hd"),
        listed(
            TodayState.missing,
            _missing_item,
            _("Nobody is missing today, and every absence of the week has its reason."),
        ),
        rx.cond(
            length(TodayState.explained) > 0,
            rx.el.details(
                rx.el.summary(
                    _("Reasons written this week"),
                    " ",
                    rx.el.span(length(TodayState.explained), class_name="dim count"),
                    class_name="bd sm",
                    custom_attrs={"data-testid": "explained"},
                ),
                rx.el.ul(rx.foreach(TodayState.explained, _missing_item), class_name="tl"),
            ),
        ),
        class_name="card tg",
        custom_attrs={"data-testid": "missing"},
    )


def _missing_item(item: MissingItem) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("people"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.p(rx.el.b(item.name), " ", rx.el.span(item.class_name, class_name="dim")),
            rx.el.p(item.day, ": ", item.lessons, class_name="sm muted"),
            class_name="grow",
        ),
        rx.cond(
            item.reason == "",
            rx.fragment(
                rx.el.span(_("reason not known"), class_name="badge warn"),
                _opens(item, _("Give the reason"), "excuse-"),
            ),
            rx.fragment(
                rx.el.span(item.reason, class_name="badge info"),
                _opens(item, _("Change"), "reason-"),
            ),
        ),
        rx.cond(TodayState.excusing == item.key, rx.cond(item.reason == "", _excuse(item), _change(item))),
    )


def _opens(item: MissingItem, label: str, name: str) -> rx.Component:
    return rx.el.button(
        label,
        on_click=TodayState.choose({"student": item.student, "day": item.iso, "reason": item.code}),
        class_name="btn sm",
        custom_attrs={
            "aria-expanded": rx.cond(TodayState.excusing == item.key, "true", "false"),
            "data-testid": name + item.student,
        },
    )


def _day(item: MissingItem, name: str, label: str) -> rx.Component:
    return text_field(label, name, TodayState.wrong, type="date", default_value=item.iso, required=True)


def _reason(name: str, *more: rx.Component, state: Any = None, **properties: Any) -> rx.Component:
    """The choice of a reason; `more`: what can be chosen beside the reasons themselves."""
    return field(
        _("Reason"),
        rx.el.select(
            *[rx.el.option(words, value=code) for code, words in reason_names().items()],
            *more,
            name=name,
            id=name,
            class_name="select",
            **properties,
        ),
        name,
        state,
    )


def _of_days(item: MissingItem, kind: str, hidden: dict[str, Any], *content: rx.Component, submit: Any) -> rx.Component:
    """A form about the days of an absence, with its button."""
    return kept_form(
        kind + ":" + item.student + "-" + item.iso,
        *(
            rx.el.input(type="hidden", name=name, id=name, value=value, read_only=True)
            for name, value in hidden.items()
        ),
        _day(item, "first", _("From")),
        _day(item, "last", _("To")),
        *content,
        rx.el.button(_("Write"), type="submit", class_name="btn", custom_attrs={"data-testid": "save-" + kind}),
        on_submit=submit,
        no_validate=True,
        class_name="exc",
    )


def _change(item: MissingItem) -> rx.Component:
    """The form for a reason that is wrong: in the days of the same mistake another one, or none."""
    unknown = rx.el.option(_("reason not known"), value="")
    return _of_days(
        item,
        "reason",
        {"student": item.student, "before": item.code},
        _reason("after", unknown, state=TodayState.wrong, default_value=item.code),
        text_field(_("Why it is changed"), "why", TodayState.wrong, max_length=200),
        submit=TodayState.change_reason,
    )


def _excuse(item: MissingItem) -> rx.Component:
    return _of_days(
        item,
        "excuse",
        {"student": item.student},
        _reason("reason"),
        text_field(_("Document or who told it"), "document", TodayState.wrong, max_length=200),
        submit=TodayState.excuse,
    )
