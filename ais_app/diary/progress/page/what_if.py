"""«Что если»: marks that are only supposed, and the way to the next mark."""

from __future__ import annotations

import reflex as rx

from ais_app.diary.progress.page.marks import fives
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.progress.views import AddedItem, OptionItem, TargetItem
from ais_app.i18n import _
from ais_app.journal.grid.chips import chip_class
from ais_app.web.forms import field
from ais_app.web.icons import icon


def what_if() -> rx.Component:
    """Suppose some marks more: what the mean becomes. Nothing is written anywhere."""
    item = ProgressState.what_if
    return rx.el.section(
        rx.el.div(rx.el.h2(_("What if")), icon("calculator"), class_name="hd"),
        rx.el.div(
            field(
                _("Subject"),
                rx.el.select(
                    rx.foreach(ProgressState.courses, _option),
                    value=ProgressState.course,
                    on_change=lambda value: ProgressState.choose_course({"course": value}),
                    id="what_if_course",
                    name="what_if_course",
                    class_name="select",
                    custom_attrs={"data-testid": "what-if-course"},
                ),
                "what_if_course",
            ),
            field(
                _("Kind of work"),
                rx.el.select(
                    rx.foreach(ProgressState.kinds, _option),
                    value=ProgressState.kind,
                    on_change=lambda value: ProgressState.choose_kind({"kind": value}),
                    id="what_if_kind",
                    name="what_if_kind",
                    class_name="select",
                    custom_attrs={"data-testid": "what-if-kind"},
                ),
                "what_if_kind",
            ),
            rx.el.div(
                rx.el.p(_("Add a mark"), class_name="lbl"),
                rx.el.div(
                    *[
                        rx.el.button(
                            code,
                            on_click=ProgressState.add_mark({"mark": code}),
                            disabled=item.full,
                            custom_attrs={
                                "data-testid": f"add-{code}",
                                "aria-label": _("Add a «{mark}»").format(mark=code),
                            },
                        )
                        for code in ("5", "4", "3", "2")
                    ],
                    class_name="pickm",
                ),
            ),
            rx.cond(
                item.added.length() > 0,
                rx.el.div(
                    rx.el.span(_("Added:"), class_name="hint"),
                    rx.foreach(item.added, _added),
                    rx.el.button(
                        icon("close"),
                        _("Remove"),
                        on_click=ProgressState.remove_all,
                        class_name="btn sm ghost",
                        custom_attrs={"data-testid": "remove-all"},
                    ),
                    class_name="row wrap",
                ),
                rx.el.p(_("Nothing is added. The marks of the journal stay as they are."), class_name="hint"),
            ),
            _result(),
            rx.el.div(
                rx.el.p(_("How many fives to the next mark"), class_name="lbl"),
                rx.el.ul(rx.foreach(item.targets, _target), class_name="opts", custom_attrs={"data-testid": "targets"}),
            ),
            rx.el.p(_("This shows numbers only. The teacher sets the mark of the period."), class_name="hint"),
            class_name="bd calc",
        ),
        class_name="card no-print",
        custom_attrs={"data-testid": "what-if"},
    )


def _option(item: OptionItem) -> rx.Component:
    return rx.el.option(item.label, value=item.uid)


def _added(item: AddedItem) -> rx.Component:
    return rx.el.button(
        item.code,
        rx.el.small(item.about),
        on_click=ProgressState.remove_mark({"position": item.position}),
        class_name=chip_class(item.code, "sup mk sm"),
        title=_("Remove this mark"),
        custom_attrs={"aria-label": _("Remove this mark") + ": " + item.code + ", " + item.about},
    )


def _result() -> rx.Component:
    item = ProgressState.what_if
    return rx.el.div(
        rx.cond(
            item.added.length() > 0,
            rx.fragment(
                rx.el.span(_("The mean becomes"), class_name="xs dim"),
                rx.el.br(),
                rx.el.b(item.after, class_name="big", custom_attrs={"data-testid": "what-if-mean"}),
                rx.cond(item.before != "", rx.el.span(" ", _("it was"), " ", item.before, class_name="muted")),
            ),
            rx.fragment(
                rx.el.span(_("The mean is"), class_name="xs dim"),
                rx.el.br(),
                rx.el.b(
                    rx.cond(item.after != "", item.after, "—"),
                    class_name="big",
                    custom_attrs={"data-testid": "what-if-mean"},
                ),
            ),
        ),
        rx.cond(
            item.mark != "",
            rx.el.p(
                _("Mark of the period by calculation: "),
                rx.el.b(item.mark, custom_attrs={"data-testid": "what-if-mark"}),
                class_name="sm",
            ),
        ),
        class_name="res",
        role="status",
        custom_attrs={"aria-live": "polite"},
    )


def _target(item: TargetItem) -> rx.Component:
    return rx.el.li(
        rx.el.span(item.label),
        rx.cond(
            item.reached,
            rx.el.span(icon("check"), _("already"), class_name="badge ok"),
            rx.cond(item.count != "", fives(item.count), rx.el.span(_("cannot be reached"), class_name="badge warn")),
        ),
    )
