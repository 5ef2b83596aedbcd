"""The popover of a mark in diary and «Успехи»: what it was given for, when, by whom, and its corrections."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.diary.corrected import CodeItem, CorrectionItem
from ais_app.i18n import _
from ais_app.journal.grid.chips import chip_class, small_chip_class
from ais_app.web.icons import icon
from ais_app.web.popover import popover


def opened_mark(state: Any, live: Any) -> rx.Component:
    """The popover of an opened mark, placed once on a page. `state` has `opened` and the event `open_mark`; `live` is a
    variable that changes when the marks of the page do.
    """
    item = state.opened
    return popover(_("Mark"), item.key, live, state.open_mark, *_content(item))


def shown_correction(item: CorrectionItem) -> rx.Component:
    """«Исправлено: 5 → 3, Орлова Н. В., 20 ноября, 11:50», with the reason where there is one."""
    return rx.el.div(
        icon("pen"),
        rx.el.div(
            rx.el.p(_values(item), rx.el.span(item.about)),
            rx.cond(item.reason != "", rx.el.p(item.reason)),
        ),
        class_name="cm co",
        custom_attrs={"data-testid": "correction"},
    )


def struck(item: CorrectionItem) -> rx.Component:
    """The text of the cell before a correction, struck through beside the present mark."""
    return rx.el.span(item.before, class_name="was", custom_attrs={"aria-hidden": "true"})


def _values(item: CorrectionItem) -> rx.Component:
    return rx.fragment(
        rx.el.span(item.words, ", ", class_name="vh"),
        rx.el.span(
            rx.el.b(_("Corrected"), ": "),
            rx.el.s(item.before, class_name=small_chip_class(item.before)),
            icon("arrow"),
            rx.cond(
                item.after != "",
                rx.el.span(item.after, class_name=small_chip_class(item.after)),
                rx.el.span(_("taken away")),
            ),
            class_name="mkc",
            custom_attrs={"aria-hidden": "true"},
        ),
    )


def _content(item: Any) -> list[rx.Component]:
    return [
        rx.el.section(
            rx.el.div(
                rx.cond(
                    item.codes.length() > 0,
                    rx.foreach(item.codes, _code),
                    rx.el.span(_("taken away"), class_name="muted"),
                ),
                rx.el.div(
                    rx.el.p(rx.el.b(item.subject)),
                    rx.el.p(item.kind, custom_attrs={"data-testid": "opened-kind"}),
                ),
                class_name="bigm",
            ),
            rx.foreach(item.codes, lambda code: rx.cond(code.words != "", rx.el.p(code.words))),
            rx.el.p(item.when, class_name="muted", custom_attrs={"data-testid": "opened-when"}),
            rx.cond(item.topic != "", rx.el.p(item.topic, class_name="muted")),
            rx.cond(item.comment != "", rx.el.p(icon("comment"), " ", item.comment)),
        ),
        rx.el.section(
            rx.el.dl(
                rx.cond(item.teacher != "", _pair(_("Teacher"), item.teacher, "opened-teacher")),
                rx.cond(item.written != "", _pair(_("Written by"), item.written, "opened-written")),
                class_name="kv",
            )
        ),
        rx.cond(
            item.corrections.length() > 0,
            rx.el.section(
                rx.foreach(item.corrections, shown_correction), custom_attrs={"data-testid": "opened-corrections"}
            ),
        ),
    ]


def _code(item: CodeItem) -> rx.Component:
    return rx.el.span(item.code, class_name=chip_class(item.code))


def _pair(name: str, value: Any, test_id: str) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value, custom_attrs={"data-testid": test_id}))
