"""A job on the page of exchange: its head, its progress with a way to stop it, and what can be done with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.exchange.state import ExchangeState
from ais_app.i18n import _
from ais_app.web.kit.progress import progress


def head(title: str, job: Any, name: str) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2(title),
            rx.el.p(job.name, rx.cond(job.name != "", ", ", ""), job.when, class_name="sm muted kname"),
            class_name="grow",
        ),
        class_name="hd",
        custom_attrs={"data-testid": name, "data-state": job.state},
    )


def progress_of(label: str, job: Any, name: str) -> rx.Component:
    stop = rx.cond(
        job.may_stop,
        rx.el.button(
            _("Stop"),
            type="button",
            on_click=ExchangeState.stop({"job": job.uid}),
            class_name="btn sm",
            custom_attrs={"data-testid": f"{name}-stop"},
        ),
    )
    return rx.el.div(progress(label, job.shown, stop, test_id=name), class_name="bd")


def actions(*buttons: rx.Component) -> rx.Component:
    return rx.el.div(*buttons, class_name="bd row wrap")
