"""The diary page: the spread of a week; on a phone one day with a strip of days above it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.access.guard import NoticeState
from ais_app.diary.state import DiaryState
from ais_app.diary.views import ChildItem, DayItem, LessonItem, MarkItem, PupilItem
from ais_app.i18n import _, p_
from ais_app.school.state import ShellState
from ais_app.web.icons import icon
from ais_app.web.shell import empty, failed, live_line, loading, mark_class, page, print_button, segment


def diary_page() -> rx.Component:
    """`/diary`"""
    return page(
        ShellState,
        rx.el.div(
            rx.match(
                DiaryState.status,
                ("ready", _week()),
                ("class", _class()),
                (
                    "nobody",
                    empty(
                        _("There is no diary here"),
                        rx.cond(
                            DiaryState.of_a_class,
                            _(
                                "You lead no class today, or its list is still empty. The school's administrator sets both."
                            ),
                            _("No student is linked to this account today. The class teacher can tell why."),
                        ),
                        sign="diary",
                    ),
                ),
                ("error", failed(_("The diary could not be opened"), DiaryState.enter)),
                loading(_("The diary is being opened")),
            ),
            class_name="page",
        ),
        notice=live_line(NoticeState),
    )


def _week() -> rx.Component:
    return rx.fragment(
        rx.cond(DiaryState.children.length() > 1, _children()),
        rx.cond(DiaryState.of_a_class, _back()),
        rx.el.div(
            _weeks(),
            rx.el.div(
                segment(
                    _("View"),
                    ("week", _("Week"), "day", _("Day"), "tasks", _("Homework only")),
                    DiaryState.view,
                    lambda view: DiaryState.choose_view({"view": view}),
                    "diary-view",
                ),
                rx.el.button(
                    _("This week"),
                    on_click=DiaryState.turn({"by": 0}),
                    class_name="btn ghost",
                    custom_attrs={"data-testid": "week-now"},
                ),
                print_button(_("Print the week"), "print-week"),
                class_name="row not-phone",
            ),
            class_name="pagehead",
        ),
        rx.cond(DiaryState.summary.idle != "", _no_lessons(), _spread()),
    )


def _no_lessons() -> rx.Component:
    return rx.el.section(
        empty(
            _("There are no lessons this week"),
            DiaryState.summary.idle,
            rx.el.button(
                DiaryState.summary.after,
                on_click=DiaryState.turn({"by": 1}),
                class_name="btn",
                custom_attrs={"data-testid": "empty-week-after"},
            ),
            sign="diary",
        ),
        class_name="card",
    )


def _spread() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.foreach(DiaryState.days, _tab),
            class_name=rx.cond(DiaryState.view == "day", "dtabs shown", "dtabs"),
            role="tablist",
            custom_attrs={"aria-label": _("Day of the week")},
        ),
        rx.el.div(
            rx.el.div(rx.foreach(DiaryState.days, lambda day: rx.cond(day.left, _day(day))), class_name="lf"),
            rx.el.div(
                rx.foreach(DiaryState.days, lambda day: rx.cond(day.left, rx.fragment(), _day(day))),
                _summary(),
                class_name="rt",
            ),
            class_name=rx.match(DiaryState.view, ("day", "spread one"), ("tasks", "spread tasks"), "spread"),
            custom_attrs={"data-testid": "diary"},
        ),
    )


def _weeks() -> rx.Component:
    return rx.el.div(
        _turn("left", _("The week before"), -1, "week-before"),
        rx.el.h1(rx.el.b(DiaryState.week), custom_attrs={"data-testid": "diary-week"}),
        _turn("right", _("The week after"), 1, "week-after"),
        class_name="wk",
    )


def _children() -> rx.Component:
    def child(item: ChildItem) -> rx.Component:
        return rx.el.button(
            rx.el.span(item.initials, class_name="ava", custom_attrs={"aria-hidden": "true"}),
            item.name,
            rx.el.small(item.class_name),
            on_click=DiaryState.choose_child({"child": item.uid}),
            class_name="kid",
            custom_attrs={"aria-pressed": rx.cond(item.current, "true", "false"), "data-testid": "child-" + item.uid},
        )

    return rx.el.div(
        rx.foreach(DiaryState.children, child),
        class_name="kids",
        role="group",
        custom_attrs={"aria-label": _("Child")},
    )


def _back() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("left"),
            _("To the class"),
            on_click=DiaryState.to_the_class,
            class_name="btn",
            custom_attrs={"data-testid": "to-the-class"},
        ),
        rx.el.b(DiaryState.pupil, custom_attrs={"data-testid": "diary-pupil"}),
        rx.el.span(_("view only"), class_name="badge"),
        class_name="row",
    )


def _class() -> rx.Component:
    """The list of the class teacher: birth dates, and who of the families has seen the week."""

    def line(pupil: PupilItem) -> rx.Component:
        return rx.el.tr(
            rx.el.td(
                rx.el.button(
                    pupil.name,
                    on_click=DiaryState.choose_child({"child": pupil.uid}),
                    class_name="linkish",
                    custom_attrs={"data-testid": "pupil-" + pupil.uid},
                )
            ),
            rx.el.td(pupil.class_name, class_name="not-phone"),
            rx.el.td(pupil.born, custom_attrs={"data-testid": "born-" + pupil.uid}),
            rx.el.td(
                rx.cond(
                    pupil.seen != "",
                    rx.fragment(rx.el.span(icon("check"), _("seen"), class_name="badge ok"), " ", pupil.seen),
                    rx.el.span(_("not yet"), class_name="dim"),
                ),
                custom_attrs={"data-testid": "seen-" + pupil.uid},
            ),
        )

    return rx.fragment(
        rx.el.div(_weeks(), class_name="pagehead"),
        rx.el.section(
            rx.el.div(rx.el.h2(_("Diaries of the class")), class_name="hd"),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(_("Student"), scope="col"),
                            rx.el.th(_("Class"), scope="col", class_name="not-phone"),
                            rx.el.th(_("Date of birth"), scope="col"),
                            rx.el.th(_("The family has seen the week"), scope="col"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(DiaryState.pupils, line)),
                    class_name="tbl pupils",
                    custom_attrs={"data-testid": "pupils"},
                ),
                class_name="scroll",
            ),
            class_name="card",
        ),
    )


def _turn(name: str, label: str, by: int, test_id: str) -> rx.Component:
    return rx.el.button(
        icon(name),
        on_click=DiaryState.turn({"by": by}),
        class_name="btn ghost icon",
        custom_attrs={"aria-label": label, "data-testid": test_id},
    )


def _bar(day: DayItem, tag: Any) -> rx.Component:
    return tag(rx.el.i(style={"width": day.fill}), class_name=rx.cond(day.heavy, "bar warn", "bar"))


def _tab(day: DayItem) -> rx.Component:
    return rx.el.button(
        rx.el.small(day.short),
        day.number,
        _bar(day, rx.el.i),
        on_click=DiaryState.choose_day({"day": day.iso}),
        role="tab",
        custom_attrs={
            "aria-selected": rx.cond(day.chosen, "true", "false"),
            "aria-label": day.name + ", " + day.date + rx.cond(day.load != "", ", " + day.load, ""),
        },
    )


def _day(day: DayItem) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(day.name, " ", rx.el.span(day.date)),
            rx.cond(day.today, rx.el.span(_("today"), class_name="nowb")),
            rx.cond(
                day.load != "",
                rx.el.span(
                    _bar(day, rx.el.span),
                    rx.el.span(day.load, class_name="xs dim"),
                    class_name="load",
                    title=_("Homework of this day against the norm of the grade"),
                    custom_attrs={"data-testid": "load-" + day.iso},
                ),
                rx.cond(day.note != "", rx.el.span(day.note, class_name="xs dim")),
            ),
        ),
        rx.el.ol(rx.foreach(day.lessons, _lesson)),
        class_name="day " + rx.cond(day.today, "today ", "") + rx.cond(day.chosen, "on", ""),
        custom_attrs={"aria-label": day.name + ", " + day.date, "data-testid": "day-" + day.iso},
    )


def _lesson(lesson: LessonItem) -> rx.Component:
    return rx.el.li(
        rx.el.span(lesson.number, rx.el.small(lesson.begins), class_name="no"),
        rx.el.div(
            rx.el.b(lesson.subject),
            rx.cond(lesson.control != "", rx.el.span(lesson.control, class_name="badge info")),
            rx.cond(lesson.topic != "", rx.el.p(lesson.topic, class_name="top")),
            rx.el.p(
                rx.cond(
                    lesson.homework != "",
                    rx.el.span(lesson.homework, class_name="hwt"),
                    rx.el.span(lesson.quiet, class_name="dim"),
                ),
                rx.cond(lesson.minutes != "", rx.el.span(lesson.minutes, class_name="min")),
                class_name="hw",
            ),
            rx.foreach(lesson.comments, _comment),
            rx.foreach(lesson.remarks, _remark),
            class_name="sub",
        ),
        rx.el.span(rx.foreach(lesson.marks, _mark), class_name="mv"),
        class_name=rx.cond(lesson.homework != "", "task", ""),
        custom_attrs={"data-testid": "lesson-" + lesson.uid},
    )


def _comment(text: Any) -> rx.Component:
    return rx.el.p(icon("comment"), rx.el.span(text), class_name="cm")


def _remark(text: Any) -> rx.Component:
    return rx.el.p(icon("alert"), rx.el.span(rx.el.b(_("Remark")), ": ", text), class_name="cm rm")


def _mark(mark: MarkItem) -> rx.Component:
    return rx.el.span(
        mark.code, rx.el.span(", ", mark.about, class_name="vh"), class_name=mark_class(mark.code), title=mark.about
    )


def _summary() -> rx.Component:
    summary = DiaryState.summary

    def total(name: str, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(name), rx.el.dd(value))

    return rx.el.section(
        rx.el.h2(_("The week in sum")),
        rx.el.dl(
            total(p_("view", "Marks"), summary.marks),
            total(_("Lessons missed"), summary.missed),
            total(_("Late"), summary.late),
            total(_("Homework"), summary.homework),
            class_name="tot",
        ),
        rx.el.div(
            rx.foreach(
                summary.seen,
                lambda line: rx.el.p(icon("check"), _("Seen by"), " ", line, class_name="row sm"),
            ),
            rx.cond(summary.appeared != "", rx.el.p(summary.appeared, class_name="sm muted")),
            rx.cond(summary.term != "", rx.el.p(summary.term, class_name="sm muted")),
            rx.cond(
                summary.may,
                rx.el.button(
                    _("I have seen this week"),
                    on_click=DiaryState.acknowledge,
                    class_name="btn primary",
                    custom_attrs={"data-testid": "acknowledge"},
                ),
            ),
            class_name="ack",
            custom_attrs={"data-testid": "acknowledgement"},
        ),
        rx.el.div(
            *[
                rx.el.p(name, rx.el.span(class_name="rule"))
                for name in (_("Signature of the parent"), _("Signature of the class teacher"))
            ],
            class_name="print-only signs",
        ),
        class_name="sum",
        custom_attrs={"aria-label": _("The week in sum"), "data-testid": "week-summary"},
    )
