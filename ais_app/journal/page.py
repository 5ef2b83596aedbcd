"""The journal's pages: the list of courses, and one course with its grid and lesson panel."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.i18n import _
from ais_app.journal.state import JournalState, TodayState
from ais_app.journal.views import CourseCard, HistoryItem, PeriodTab, RollItem, TypeOption
from ais_app.school.state import ShellState
from ais_app.web.grid import marks_grid
from ais_app.web.icons import icon
from ais_app.web.shell import empty, live_line, mark_class, page


def list_page() -> rx.Component:
    """`/journal`: the courses this person may read, today's first."""

    return page(
        ShellState,
        rx.el.div(
            rx.el.div(rx.el.h1(_("Journals")), class_name="pagehead"),
            rx.cond(
                JournalState.courses.length() > 0,
                rx.el.div(
                    rx.foreach(JournalState.courses, _card), class_name="cards", custom_attrs={"data-testid": "courses"}
                ),
                rx.cond(
                    JournalState.status == "ready",
                    empty(
                        _("No journals yet"), _("Courses appear here as soon as the workload of the year is entered.")
                    ),
                ),
            ),
            class_name="page",
        ),
        notice=live_line(NoticeState.notice),
    )


def today_lessons() -> rx.Component:
    """The lessons of today, for the home page of those who teach."""
    return rx.cond(
        TodayState.lessons.length() > 0,
        rx.el.section(
            rx.el.h2(_("Your lessons today")),
            rx.el.div(rx.foreach(TodayState.lessons, _card), class_name="cards"),
            class_name="stack",
            custom_attrs={"data-testid": "today-lessons"},
        ),
    )


def _card(course: CourseCard) -> rx.Component:
    return rx.el.a(
        rx.el.h2(course.title),
        rx.el.span(course.teacher, class_name="sm muted"),
        rx.cond(course.today != "", rx.el.small(course.today)),
        href=course.href,
        class_name=rx.cond(course.today != "", "card now", "card"),
        custom_attrs={"data-testid": "course-" + course.uid},
    )


def course_page() -> rx.Component:
    """`/journal/[course]`"""
    return page(
        ShellState,
        rx.cond(
            JournalState.status == "missing",
            empty(
                _("There is no such journal"),
                _("It does not exist or is not open to you. Choose another one in the section «Journal»."),
            ),
            rx.fragment(
                _heading(),
                rx.el.div(marks_grid(JournalState), _panel(), class_name="jwrap"),
                _keys(),
            ),
        ),
        notice=live_line(NoticeState.notice),
    )


def _heading() -> rx.Component:
    def option(course: CourseCard) -> rx.Component:
        return rx.el.option(course.title, value=course.href)

    def tab(period: PeriodTab) -> rx.Component:
        return rx.el.button(
            period.name,
            on_click=JournalState.choose_period({"period": period.uid}),
            custom_attrs={"aria-current": rx.cond(period.current, "true", None), "data-testid": "period-" + period.uid},
        )

    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.el.h1(JournalState.title, custom_attrs={"data-testid": "journal-title"}),
                rx.el.span(JournalState.held, class_name="sm muted not-phone"),
                class_name="jhead",
            ),
            rx.el.span(class_name="grow"),
            rx.cond(
                JournalState.read_only,
                rx.el.span(_("view only"), class_name="badge", custom_attrs={"data-testid": "read-only"}),
            ),
            rx.el.label(_("Another journal"), html_for="other", class_name="vh"),
            rx.el.select(
                rx.el.option(_("Another journal"), value=""),
                rx.foreach(JournalState.courses, option),
                id="other",
                value="",
                on_change=lambda href: rx.redirect(href),
                class_name="select",
                style={"width": "15rem"},
                custom_attrs={"data-testid": "other-journal"},
            ),
            class_name="jbar",
        ),
        rx.el.div(
            rx.el.div(
                rx.foreach(JournalState.periods, tab),
                class_name="seg",
                role="group",
                custom_attrs={"aria-label": _("Period")},
            ),
            rx.el.span(class_name="grow"),
            rx.cond(JournalState.read_only, rx.fragment(), _add_lesson()),
            class_name="jbar",
        ),
    )


def _add_lesson() -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("plus"), _("Add a lesson"), class_name="btn sm", custom_attrs={"data-testid": "add-lesson"}),
        rx.el.form(
            _field(
                _("Day"),
                rx.el.input(
                    type="date",
                    name="day",
                    id="day",
                    default_value=JournalState.today,
                    required=True,
                    class_name="input",
                ),
                "day",
            ),
            _field(
                _("Lesson number"),
                rx.el.input(
                    type="number",
                    name="number",
                    id="number",
                    min="0",
                    max="12",
                    default_value="1",
                    required=True,
                    class_name="input",
                ),
                "number",
            ),
            rx.el.button(
                _("Add the lesson"),
                type="submit",
                class_name="btn primary",
                custom_attrs={"data-testid": "add-lesson-submit"},
            ),
            on_submit=JournalState.add_lesson,
            key=JournalState.today,
            class_name="pop",
        ),
        class_name="jdetails no-print",
    )


def _field(label: str, control: rx.Component, target: str) -> rx.Component:
    return rx.el.div(rx.el.label(label, html_for=target), control, class_name="field")


def _panel() -> rx.Component:
    lesson = JournalState.lesson
    return rx.el.aside(
        rx.cond(
            lesson.title != "",
            rx.fragment(
                rx.el.section(
                    rx.el.h2(lesson.title, custom_attrs={"data-testid": "lesson-title"}),
                    rx.el.p(lesson.place, class_name="sm muted"),
                    rx.cond(lesson.why != "", rx.el.p(lesson.why, class_name="note warn")),
                    rx.cond(lesson.open, _lesson_form(), _lesson_text()),
                    rx.el.p(_("At the lesson"), class_name="lbl"),
                    _attendance(),
                ),
                rx.cond(JournalState.cell.name != "", _cell()),
            ),
            rx.el.section(rx.el.p(_("Choose a cell: its lesson and its history appear here."), class_name="muted sm")),
        ),
        class_name="panel no-print",
        custom_attrs={"aria-label": _("Lesson"), "data-testid": "lesson-panel"},
    )


def _lesson_text() -> rx.Component:
    lesson = JournalState.lesson
    return rx.fragment(
        rx.el.p(_("Topic"), class_name="lbl"),
        rx.el.p(
            rx.el.b(rx.cond(lesson.topic != "", lesson.topic, _("Not written yet"))),
            custom_attrs={"data-testid": "lesson-topic"},
        ),
        rx.el.p(_("Homework"), class_name="lbl"),
        rx.el.p(
            rx.cond(
                lesson.homework != "",
                lesson.homework,
                rx.cond(lesson.nothing_set, _("Nothing is set"), _("Not written yet")),
            ),
            custom_attrs={"data-testid": "lesson-homework"},
        ),
    )


def _lesson_form() -> rx.Component:
    lesson = JournalState.lesson

    def option(kind: TypeOption) -> rx.Component:
        return rx.el.option(kind.label, value=kind.uid)

    return rx.fragment(
        rx.el.form(
            _field(
                _("Topic"),
                rx.el.input(
                    name="topic",
                    id="topic",
                    default_value=lesson.topic,
                    max_length=300,
                    class_name="input",
                    custom_attrs={"data-testid": "topic"},
                ),
                "topic",
            ),
            _field(
                _("Homework"),
                rx.el.textarea(
                    name="homework",
                    id="homework",
                    default_value=lesson.homework,
                    max_length=2000,
                    class_name="input",
                    custom_attrs={"data-testid": "homework"},
                ),
                "homework",
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name="nothing_set",
                        default_checked=lesson.nothing_set,
                        custom_attrs={"data-testid": "nothing-set"},
                    ),
                    rx.el.span(_("Nothing is set")),
                    class_name="chk",
                ),
                _field(
                    _("Minutes"),
                    rx.el.input(
                        name="minutes",
                        id="minutes",
                        default_value=lesson.minutes,
                        input_mode="numeric",
                        max_length=3,
                        class_name="input",
                        style={"width": "4.5rem"},
                    ),
                    "minutes",
                ),
                class_name="row between",
            ),
            rx.el.button(
                _("Save the lesson"), type="submit", class_name="btn", custom_attrs={"data-testid": "save-lesson"}
            ),
            on_submit=JournalState.save_lesson,
            key=JournalState.lesson_key,
        ),
        rx.el.div(
            _field(
                _("Kind of work"),
                rx.el.select(
                    rx.foreach(JournalState.types, option),
                    id="kind",
                    value=lesson.control_type,
                    on_change=lambda kind: JournalState.change_type({"type": kind}),
                    class_name="select",
                    custom_attrs={"data-testid": "kind"},
                ),
                "kind",
            ),
            rx.el.button(
                icon("plus"),
                on_click=JournalState.add_column({"type": lesson.control_type}),
                title=_("Another column for this lesson"),
                class_name="btn icon",
                custom_attrs={"aria-label": _("Another column for this lesson"), "data-testid": "add-column"},
            ),
            class_name="pair",
            style={"marginTop": "var(--s-3)"},
        ),
    )


def _attendance() -> rx.Component:
    lesson = JournalState.lesson

    def count(value: Any, label: str) -> rx.Component:
        return rx.el.div(rx.el.b(value), rx.el.span(label))

    return rx.fragment(
        rx.el.div(
            count(lesson.present, _("present")),
            count(lesson.ill, _("ill")),
            count(lesson.excused, _("excused")),
            count(lesson.absent, _("no reason")),
            class_name="atts",
            custom_attrs={"data-testid": "attendance"},
        ),
        rx.cond(
            lesson.marks_open,
            rx.el.details(
                rx.el.summary(_("Roll call"), custom_attrs={"data-testid": "roll-call"}),
                rx.foreach(JournalState.roll, _roll_line),
                class_name="rollcall",
            ),
        ),
    )


def _roll_line(line: RollItem) -> rx.Component:
    def answer(code: str, label: str, title: str) -> rx.Component:
        return rx.el.button(
            label,
            on_click=JournalState.call_roll({"student": line.student, "code": code}),
            title=title,
            custom_attrs={"aria-pressed": rx.cond(line.code == code, "true", "false"), "aria-label": title},
        )

    return rx.el.div(
        rx.el.span(line.name),
        rx.el.span(
            answer("", _("here"), _("Present")),
            answer("н", "н", _("Absent")),
            answer("о", "о", _("Late")),
            class_name="seg",
        ),
        class_name="rl",
        custom_attrs={"data-testid": "roll-" + line.student},
    )


def _cell() -> rx.Component:
    cell = JournalState.cell
    return rx.el.section(
        rx.el.div(
            rx.el.h2(cell.name, custom_attrs={"data-testid": "cell-student"}),
            rx.cond(cell.value != "", rx.el.span(cell.value, class_name=mark_class(cell.value))),
            class_name="row between",
        ),
        rx.el.p(cell.work, class_name="sm muted"),
        rx.cond(
            cell.can_comment,
            rx.el.form(
                _field(
                    _("Comment for the family"),
                    rx.el.input(
                        name="comment",
                        id="comment",
                        default_value=cell.comment,
                        max_length=500,
                        class_name="input",
                        custom_attrs={"data-testid": "comment"},
                    ),
                    "comment",
                ),
                rx.el.button(
                    _("Save the comment"),
                    type="submit",
                    class_name="btn sm",
                    custom_attrs={"data-testid": "save-comment"},
                ),
                on_submit=JournalState.comment,
                key=cell.name + cell.work + cell.comment,
            ),
            rx.cond(cell.comment != "", rx.el.p(cell.comment, class_name="sm")),
        ),
        rx.el.p(_("History of the cell"), class_name="lbl"),
        rx.cond(
            JournalState.history.length() > 0,
            rx.el.ol(
                rx.foreach(JournalState.history, _step), class_name="hist", custom_attrs={"data-testid": "history"}
            ),
            rx.el.p(_("Nothing was entered here yet."), class_name="sm muted"),
        ),
    )


def _step(step: HistoryItem) -> rx.Component:
    def value(text: Any) -> rx.Component:
        return rx.cond(text != "", rx.el.b(text), rx.el.span(_("empty"), class_name="dim"))

    return rx.el.li(
        rx.el.div(
            rx.cond(step.before != "", rx.fragment(value(step.before), " → "), rx.fragment()),
            value(step.after),
            " ",
            step.who,
            rx.el.span(step.when, class_name="xs"),
        )
    )


def _keys() -> rx.Component:
    def key(*keys: str, label: str) -> rx.Component:
        return rx.el.span(*[rx.el.kbd(one) for one in keys], label, class_name="row")

    return rx.cond(
        JournalState.read_only,
        rx.fragment(),
        rx.el.div(
            key("5", "4", "3", "2", label=_("mark")),
            key("Н", "О", label=_("attendance")),
            key("Enter", label=_("down")),
            key("Tab", label=_("right")),
            key("/", label=_("second mark")),
            key("Delete", label=_("clear")),
            key("F4", label=_("lesson")),
            key("Esc", label=_("leave the table")),
            class_name="hints no-print",
        ),
    )
