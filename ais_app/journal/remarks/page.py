"""Remarks to the student of the active cell: those that were not withdrawn, and a form to write one."""

from __future__ import annotations

import reflex as rx

from ais_app.i18n import _
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.remarks.views import RemarkItem
from ais_app.web.forms import OPENS, kept_form, text_field
from ais_app.web.icons import icon
from ais_app.web.variables import length


def remarks() -> rx.Component:
    """The remarks in the panel of a cell, with the form where the cell may be written."""
    return rx.fragment(
        rx.cond(
            length(LessonState.remarks) > 0,
            rx.el.ul(rx.foreach(LessonState.remarks, _item), class_name="rms", custom_attrs={"data-testid": "remarks"}),
        ),
        rx.cond(LessonState.cell.open, _form()),
    )


def _item(remark: RemarkItem) -> rx.Component:
    return rx.el.li(
        rx.el.p(icon("alert"), rx.el.span(remark.text), class_name="row sm"),
        rx.el.p(
            rx.el.span(remark.about, class_name="xs dim"),
            rx.cond(
                remark.own & LessonState.cell.open,
                rx.el.button(
                    _("Take back"),
                    on_click=LessonState.withdraw_remark({"remark": remark.uid}),
                    class_name="linkish xs",
                    custom_attrs={"data-testid": "withdraw-remark"},
                ),
            ),
            class_name="row between",
        ),
    )


def _form() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Remark to the student"), custom_attrs={"data-testid": "write-remark"}),
        kept_form(
            "remark:" + LessonState.remark_key.split("-")[0] + "-" + LessonState.remark_key.split("-")[1],
            text_field(
                _("The family sees it in the diary"),
                "remark",
                LessonState.wrong,
                control=rx.el.textarea,
                max_length=500,
                required=True,
            ),
            rx.el.button(_("Write"), type="submit", class_name="btn sm", custom_attrs={"data-testid": "save-remark"}),
            on_submit=LessonState.add_remark,
            no_validate=True,
        ),
        key=LessonState.remark_key,
        class_name="rollcall writing",
        custom_attrs=OPENS,
    )
