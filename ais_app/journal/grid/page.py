"""One course: heading, toolbar, the grid or the topics, the panel, the bar of keys."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.i18n import _, p_
from ais_app.journal.courses.views import Choice
from ais_app.journal.grid.codes import WORDS
from ais_app.journal.grid.rules import ABSENT, LATE, MARKS
from ais_app.journal.grid.state import JournalState
from ais_app.journal.grid.table import marks_grid
from ais_app.journal.grid.views import PeriodTab
from ais_app.journal.lessons.page.panel import lesson_panel
from ais_app.journal.lessons.page.taking_back import taken_back
from ais_app.journal.lessons.page.topics import topics_table
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.school.page_frame import in_page_frame
from ais_app.school.state import ShellState
from ais_app.web.address import kept_in_address
from ais_app.web.drafts import draft_mark
from ais_app.web.dropdown import dropdown
from ais_app.web.fetched import fetched
from ais_app.web.forms import field, kept_form
from ais_app.web.history import history_link
from ais_app.web.icons import icon
from ais_app.web.printed import head
from ais_app.web.shell import empty, failed, segment
from ais_app.web.variables import one_of


def course_page() -> rx.Component:
    """`/journal/[course]`"""
    return in_page_frame(
        kept_in_address(JournalState.address),
        kept_in_address(LessonState.address),
        fetched(JournalState, NoticeState, timed="sheet"),
        one_of(
            JournalState.status,
            ("missing", _missing()),
            ("error", _failed()),
            one_of(JournalState.unread, ("gone", _missing()), ("failed", _failed()), _course()),
        ),
    )


def _missing() -> rx.Component:
    return empty(
        _("There is no such journal"),
        _("This journal does not exist or is not open to you."),
        rx.el.a(_("To the journals"), href="/journal", class_name="btn"),
    )


def _failed() -> rx.Component:
    return failed(_("The journal could not be opened"), JournalState.open_page)


def _course() -> rx.Component:
    return rx.fragment(
        _heading(),
        _heading_of_the_phone(),
        rx.el.div(
            head(
                _("Journal"),
                JournalState.title,
                ShellState.school,
                ShellState.year + ", " + JournalState.about,
            ),
            rx.el.div(
                rx.el.div(
                    marks_grid(JournalState, LessonState),
                    class_name=rx.cond(JournalState.view == "marks", "jgrid", "jgrid off"),
                ),
                rx.cond(JournalState.view == "topics", topics_table()),
                rx.cond(JournalState.has_lessons | LessonState.editing, lesson_panel()),
                class_name="jwrap",
            ),
            class_name="printed",
        ),
        taken_back(),
        _keys(),
    )


def _heading() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.el.h1(JournalState.title, class_name="vh", custom_attrs={"data-testid": "journal-title"}),
                _choice("class", _("Class"), JournalState.classes),
                _choice("subject", _("Subject"), JournalState.subjects),
                rx.el.span(JournalState.held, class_name="sm muted"),
                class_name="jhead",
            ),
            rx.el.span(class_name="grow"),
            rx.cond(
                JournalState.read_only & (JournalState.title != ""),
                rx.el.span(_("view only"), class_name="badge", custom_attrs={"data-testid": "read-only"}),
            ),
            rx.el.span(id="journal-status", class_name="row"),
            class_name="jbar not-phone",
        ),
        rx.el.div(
            _periods(),
            _views(),
            rx.el.span(class_name="grow"),
            _history("journal-history"),
            _settings(),
            rx.cond(JournalState.read_only, rx.fragment(), _add_lesson("")),
            class_name="jbar not-phone no-print",
        ),
    )


def _heading_of_the_phone() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(JournalState.class_name, rx.cond(JournalState.class_name != "", " · ", ""), JournalState.subject),
            rx.el.p(JournalState.about, class_name="sm muted"),
        ),
        dropdown(
            rx.el.summary(
                icon("swap"),
                class_name="btn icon",
                custom_attrs={"aria-label": _("Choose class, subject and period"), "data-testid": "phone-choices"},
            ),
            rx.el.div(
                _choice("phone-class", _("Class"), JournalState.classes),
                _choice("phone-subject", _("Subject"), JournalState.subjects),
                _periods(),
                _views(),
                _history("phone-journal-history"),
                rx.cond(JournalState.read_only, rx.fragment(), _add_lesson("phone-")),
                class_name="pop",
            ),
            key=f"choices-{JournalState.added}",  # closed when a lesson was added from it
            class_name="jdetails",
        ),
        class_name="only-phone ph no-print",
    )


def _choice(name: str, label: str, choices: list[Choice]) -> rx.Component:
    """A class or subject, chosen like a heading; the grid of the chosen one opens."""

    def option(choice: Choice) -> rx.Component:
        return rx.el.option(choice.label, value=choice.href, selected=choice.current)

    return rx.fragment(
        rx.el.label(label, html_for=name, class_name="vh"),
        rx.el.select(
            rx.foreach(choices, option),
            id=name,
            on_change=lambda href: rx.redirect(href),
            key=JournalState.title,
            class_name="select",
            custom_attrs={"data-testid": f"choose-{name}"},
        ),
    )


def _periods() -> rx.Component:
    def tab(period: PeriodTab) -> rx.Component:
        return rx.el.button(
            period.name,
            on_click=JournalState.choose_period({"period": period.uid}),
            custom_attrs={"aria-current": rx.cond(period.current, "true", None), "data-testid": "period-" + period.uid},
        )

    return rx.el.div(
        rx.foreach(JournalState.periods, tab),
        class_name="seg",
        role="group",
        custom_attrs={"aria-label": _("Period")},
    )


def _views() -> rx.Component:
    return segment(
        _("View"),
        ("marks", p_("view", "Marks"), "topics", _("Topics and homework")),
        JournalState.view,
        lambda view: JournalState.choose_view({"view": view}),
        "view",
    )


def _history(test_id: str) -> rx.Component:
    address = "/operations?entity=course&subject=" + JournalState.open_course
    return history_link(_("History of the journal"), address, test_id)


def _settings() -> rx.Component:
    return dropdown(
        rx.el.summary(
            icon("gear"), _("Table"), class_name="btn sm ghost", custom_attrs={"data-testid": "grid-settings"}
        ),
        rx.el.div(
            rx.el.p(_("After a mark the cursor goes"), class_name="lbl"),
            segment(
                _("After a mark the cursor goes"),
                ("down", _("down"), "right", _("right"), "stay", _("nowhere")),
                JournalState.cursor,
                lambda value: JournalState.prefer({"name": "cursor", "value": value}),
                "cursor",
            ),
            rx.el.p(_("Means"), class_name="lbl"),
            segment(
                _("Means"),
                ("shown", _("shown"), "hidden", _("hidden")),
                rx.cond(JournalState.means, "shown", "hidden"),
                lambda value: JournalState.prefer({"name": "means", "value": value}),
                "means",
            ),
            class_name="pop",
        ),
        class_name="jdetails no-print",
    )


def _add_lesson(prefix: str) -> rx.Component:
    def asked(name: str, label: str, **control: Any) -> rx.Component:
        # The id is set past Reflex, which would send the field once more under it.
        target = prefix + name
        made = rx.el.input(name=name, required=True, class_name="input", custom_attrs={"id": target}, **control)
        return field(label, made, target, JournalState.wrong, name)

    doubted = JournalState.wrong.field == "confirmed"
    warned = rx.cond(
        doubted,
        rx.fragment(
            rx.el.p(
                icon("alert"),
                JournalState.wrong.text,
                key=JournalState.wrong.said,
                class_name="note warn",
                role="alert",
                custom_attrs={"data-testid": f"{prefix}add-lesson-warned"},
            ),
            rx.el.input(type="hidden", name="confirmed", value=JournalState.wrong.text, read_only=True),
        ),
    )
    return dropdown(
        rx.el.summary(
            icon("plus"),
            _("Add a lesson"),
            draft_mark("new-lesson:" + JournalState.open_course),
            class_name="btn sm",
            custom_attrs={"data-testid": f"{prefix}add-lesson"},
        ),
        kept_form(
            "new-lesson:" + JournalState.open_course,
            asked("day", _("Day"), type="date", default_value=JournalState.today),
            asked("number", _("Lesson number"), type="number", min="0", max="12", default_value="1"),
            warned,
            rx.el.button(
                rx.cond(doubted, _("Add it all the same"), _("Add the lesson")),
                type="submit",
                class_name="btn primary",
                custom_attrs={"data-testid": f"{prefix}add-lesson-submit"},
            ),
            on_submit=JournalState.add_lesson,
            no_validate=True,
            class_name="pop",
        ),
        key=f"{prefix}{JournalState.added}{JournalState.today}",
        class_name="jdetails no-print",
    )


def _keys() -> rx.Component:
    def key(*keys: str, label: str) -> rx.Component:
        return rx.el.span(*[rx.el.kbd(one) for one in keys], label, class_name="row")

    def corner(sign: str, label: str) -> rx.Component:
        return rx.el.span(rx.el.span(rx.el.i(class_name=sign), class_name="lg-i g"), label, class_name="lgx")

    def code(text: str, label: str) -> rx.Component:
        return rx.el.span(rx.el.b(text), " ", label)

    corners = (corner("s-note", _("comment")), corner("s-changed", _("was changed")))
    typed = rx.el.div(
        key(*MARKS, label=_("mark")),
        key(ABSENT.upper(), LATE.upper(), label=_("attendance")),
        key("Enter", label=_("down")),
        key("Tab", label=_("right")),
        key("/", label=_("second mark")),
        key("Ctrl", "Z", label=_("take back")),
        key("F2", label=_("comment")),
        key("?", label=_("all keys")),
        rx.el.span(class_name="grow"),
        *corners,
        class_name="hints no-print",
    )
    read = rx.el.div(
        *(code(sign, words()) for sign, words in WORDS.items()),
        rx.el.span(class_name="grow"),
        *corners,
        class_name="hints legend",
        custom_attrs={"data-testid": "legend"},
    )
    shown = JournalState.has_lessons & (JournalState.view == "marks")
    return rx.cond(shown, rx.cond(JournalState.read_only, read, typed))
