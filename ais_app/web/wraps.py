"""What is around every page: the notice of a lost connection, and the words when a page breaks."""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx
from reflex_base.vars.base import Var
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary

from ais_app.i18n import _
from ais_app.web.address import still_signed_in


def _no_connection() -> rx.Component:
    return rx.connection_banner(
        rx.el.div(
            rx.el.div(
                _("No connection. What you entered is kept and is sent as soon as it is back."),
                class_name="toast",
                custom_attrs={"data-testid": "no-connection"},
            ),
            still_signed_in(),
            role="alert",
        )
    )


def _broken_page() -> rx.Component:
    words = rx.el.div(
        rx.el.h2(_("This page could not be shown")),
        rx.el.p(_("Your records are safe. Open the page again; if it happens once more, tell the administrator.")),
        rx.el.a(_("Open again"), href="", class_name="btn"),
        class_name="empty",
        role="alert",
    )
    return ErrorBoundary.create(fallback_render=ArgsFunctionOperation.create(("event_args",), Var.create(words)))


def wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """The app's wraps instead of Reflex's own, which are in English and draw icons of another set."""
    return {
        (55, "ErrorBoundary"): lambda _stateful: _broken_page(),
        (5, "Overlay"): lambda stateful: _no_connection() if stateful else None,
    }
