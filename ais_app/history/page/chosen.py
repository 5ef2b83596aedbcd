"""The conditions of the list: from what each is chosen."""

from __future__ import annotations

import reflex as rx

from ais_app.history.state import OperationsState
from ais_app.i18n import _
from ais_app.web.kit.conditions import choice, choices, day
from ais_app.web.variables import length


def conditions() -> rx.Component:
    state = OperationsState
    asked, choose = state.asked, state.choose
    students = choice("person", _("Student"), _("All students"), state.students, asked, choose)
    return choices(
        day("first", _("From day"), asked, choose),
        day("last", _("To day"), asked, choose),
        choice("kind", _("Kind of operation"), _("All kinds"), state.kinds, asked, choose),
        rx.cond(state.wide, choice("school_class", _("Class"), _("All classes"), state.classes, asked, choose)),
        rx.cond(length(state.students) > 0, students),
        rx.cond(state.by_name, choice("author", _("Author"), _("All authors"), state.authors, asked, choose)),
    )
