"""The day of a teaching person, for the home page: what to do on the left, the lessons on the right."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.today.state import DueItem, LessonItem, MissingItem, TodayState
from ais_app.web.forms import field, kept_form
from ais_app.web.icons import icon
from ais_app.web.place import kept_in_address
from ais_app.web.shell import by_status, failed


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
                failed(_("The work of the day could not be shown"), TodayState.enter),
            ),
        ),
    )


def title() -> rx.Component:
    """The heading of the home: what a teaching person does today, the day itself for everybody else."""
    return rx.cond(TodayState.teaches, _("What to do today"), _("Today"))


def waiting() -> rx.Component:
    """«. Осталось 4 дела», after the date in the head of the page; empty for those who do not teach."""
    return rx.cond(
        TodayState.teaches & (TodayState.status == "ready"), rx.fragment(". ", TodayState.sum), rx.fragment()
    )


def _due() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(_("Not written down yet"), " ", rx.el.span(TodayState.due.length(), class_name="dim count")),
            class_name="hd",
        ),
        rx.cond(
            TodayState.due.length() > 0,
            rx.el.ul(rx.foreach(TodayState.due, _due_line), class_name="tl"),
            rx.el.p(_("Everything held so far is written down."), class_name="bd muted"),
        ),
        class_name="card tg",
        custom_attrs={"data-testid": "due"},
    )


def _due_line(item: DueItem, place: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("pen"), class_name="bx", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(rx.el.p(rx.el.b(item.title)), rx.el.p(item.about, class_name="sm muted"), class_name="grow"),
        rx.el.span(item.term, class_name=rx.cond(item.late, "badge warn", "badge")),
        rx.el.a(_("Write down"), href=item.href, class_name=rx.cond(place == 0, "btn sm primary", "btn sm")),
    )


def _lessons() -> rx.Component:
    def line(item: LessonItem) -> rx.Component:
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
            TodayState.lessons.length() > 0,
            rx.el.ol(rx.foreach(TodayState.lessons, line), class_name="dl"),
            rx.el.p(_("There are no lessons today."), class_name="bd muted"),
        ),
        class_name="card",
        custom_attrs={"data-testid": "lessons-today"},
    )


def _missing() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(_("Absent in the class")), class_name="hd"),
        rx.cond(
            TodayState.missing.length() > 0,
            rx.el.ul(rx.foreach(TodayState.missing, _missing_line), class_name="tl"),
            rx.el.p(_("Nobody is missing today, and every absence of the week has its reason."), class_name="bd muted"),
        ),
        rx.cond(
            TodayState.explained.length() > 0,
            rx.el.details(
                rx.el.summary(
                    _("Reasons written this week"),
                    " ",
                    rx.el.span(TodayState.explained.length(), class_name="dim count"),
                    class_name="bd sm",
                    custom_attrs={"data-testid": "explained"},
                ),
                rx.el.ul(rx.foreach(TodayState.explained, _missing_line), class_name="tl"),
            ),
        ),
        class_name="card tg",
        custom_attrs={"data-testid": "missing"},
    )


def _missing_line(item: MissingItem) -> rx.Component:
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
    return field(
        label,
        rx.el.input(type="date", name=name, id=name, default_value=item.iso, required=True, class_name="input"),
        name,
        TodayState.wrong,
    )


def _change(item: MissingItem) -> rx.Component:
    """The form for a reason that is wrong: in the days of the same mistake another one, or none."""
    return kept_form(
        "reason:" + item.student + "-" + item.iso,
        rx.el.input(type="hidden", name="student", id="student", value=item.student, read_only=True),
        rx.el.input(type="hidden", name="before", id="before", value=item.code, read_only=True),
        _day(item, "first", _("From")),
        _day(item, "last", _("To")),
        field(
            _("Reason"),
            rx.el.select(
                rx.el.option(_("illness"), value="б"),
                rx.el.option(_("a good reason"), value="у"),
                rx.el.option(_("reason not known"), value=""),
                name="after",
                id="after",
                default_value=item.code,
                class_name="select",
            ),
            "after",
            TodayState.wrong,
        ),
        field(
            _("Why it is changed"),
            rx.el.input(name="why", id="why", max_length=200, class_name="input"),
            "why",
            TodayState.wrong,
        ),
        rx.el.button(_("Write"), type="submit", class_name="btn", custom_attrs={"data-testid": "save-reason"}),
        on_submit=TodayState.change_reason,
        no_validate=True,
        class_name="exc",
    )


def _excuse(item: MissingItem) -> rx.Component:
    return kept_form(
        "excuse:" + item.student + "-" + item.iso,
        rx.el.input(type="hidden", name="student", id="student", value=item.student, read_only=True),
        _day(item, "first", _("From")),
        _day(item, "last", _("To")),
        field(
            _("Reason"),
            rx.el.select(
                rx.el.option(_("illness"), value="б"),
                rx.el.option(_("a good reason"), value="у"),
                name="reason",
                id="reason",
                class_name="select",
            ),
            "reason",
        ),
        field(
            _("Document or who told it"),
            rx.el.input(name="document", id="document", max_length=200, class_name="input"),
            "document",
            TodayState.wrong,
        ),
        rx.el.button(_("Write"), type="submit", class_name="btn", custom_attrs={"data-testid": "save-excuse"}),
        on_submit=TodayState.excuse,
        no_validate=True,
        class_name="exc",
    )
