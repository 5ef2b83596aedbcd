"""The week that is shown, and the ways to the one before and after."""

from __future__ import annotations

import reflex as rx

from ais_app.diary.state import DiaryState
from ais_app.i18n import _
from ais_app.web.icons import icon


def weeks() -> rx.Component:
    """The days of the open week between two arrows."""
    return rx.el.div(
        _turn("left", _("The week before"), -1, "week-before"),
        rx.cond(
            DiaryState.new_before != "",
            rx.el.span(
                _("new:"),
                " ",
                DiaryState.new_before,
                class_name="badge info",
                custom_attrs={"data-testid": "new-before"},
            ),
        ),
        rx.el.h1(rx.el.b(DiaryState.week), custom_attrs={"data-testid": "diary-week"}),
        _turn("right", _("The week after"), 1, "week-after"),
        class_name="wk",
    )


def _turn(name: str, label: str, by: int, test_id: str) -> rx.Component:
    return rx.el.button(
        icon(name),
        on_click=DiaryState.turn({"by": by}),
        class_name="btn ghost icon",
        custom_attrs={"aria-label": label, "data-testid": test_id},
    )
