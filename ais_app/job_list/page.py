"""`/jobs`: what runs, what waits, what has ended, and what can be done with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _, p_
from ais_app.job_list.state import JobsState
from ais_app.job_list.views import JobItem
from ais_app.school.page_frame import in_page_frame
from ais_app.web.address import kept_in_address
from ais_app.web.icons import icon
from ais_app.web.kit.progress import bar
from ais_app.web.kit.styles import kit_styles
from ais_app.web.shell import by_status, empty, failed
from ais_app.web.variables import length, one_of, variable


def jobs_page() -> rx.Component:
    state = JobsState
    return in_page_frame(
        kit_styles("jobs"),
        kept_in_address(state.address),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(p_("page", "Jobs")),
                    rx.el.p(_("What takes longer than a click. You can leave the page: it goes on.")),
                ),
                class_name="pagehead",
            ),
            by_status(
                state.status,
                rx.el.section(
                    rx.el.div(_tabs(), class_name="hd"),
                    rx.cond(length(state.rows) > 0, rx.el.div(rx.foreach(state.rows, _job)), _nothing()),
                    class_name="card jobs",
                    custom_attrs={"data-testid": "jobs"},
                ),
                failed(_("The jobs could not be shown"), state.open_page),
            ),
            class_name="page",
        ),
    )


def _tabs() -> rx.Component:
    def tab(value: str, text: str, count: Any) -> rx.Component:
        return rx.el.button(
            text,
            " ",
            count,
            type="button",
            on_click=JobsState.choose({"tab": value}),
            custom_attrs={
                "aria-pressed": rx.cond(JobsState.tab == value, "true", "false"),
                "data-testid": "jobs-" + (value or "all"),
            },
        )

    return rx.el.div(
        tab("", p_("jobs", "All"), JobsState.all),
        tab("open", p_("jobs", "Running"), JobsState.open),
        tab("failed", p_("jobs", "Failed"), JobsState.failed),
        class_name="seg",
        role="group",
        custom_attrs={"aria-label": _("Which jobs")},
    )


def _nothing() -> rx.Component:
    return empty(_("There are no jobs like that"), _("A check of the record and other long work appears here."))


def _job(item: JobItem) -> rx.Component:
    return rx.el.article(
        rx.el.div(rx.el.b(item.title), rx.el.span(item.about, class_name="by")),
        rx.el.div(
            rx.cond(item.is_open, bar(item.title, variable(item.done), variable(item.total))),
            rx.el.span(item.said, class_name=rx.cond(item.wrong, "sm wrong", "sm muted")),
            class_name="far",
        ),
        rx.el.div(_badge(item)),
        rx.el.div(_action(item), rx.cond(item.may_be_put_away, _away(item)), class_name="do"),
        class_name="job",
        custom_attrs={"data-testid": "job", "data-job": item.uid, "data-state": item.state},
    )


def _badge(item: JobItem) -> rx.Component:
    def badge(sign: str, text: str, look: str) -> rx.Component:
        return rx.el.span(icon(sign), text, class_name=f"badge {look}")

    return one_of(
        item.state,
        ("running", badge("clock", p_("job", "runs"), "info")),
        ("waiting", rx.el.span(p_("job", "waits"), class_name="badge")),
        ("done", badge("check", p_("job", "done"), "ok")),
        ("failed", badge("alert", p_("job", "failed"), "danger")),
        ("found", badge("alert", p_("job", "found something"), "warn")),
        rx.el.span(p_("job", "stopped"), class_name="badge"),
    )


def _action(item: JobItem) -> rx.Component:
    """What is most likely to be done with it."""

    def button(text: str, event: Any, name: str, look: str = "btn sm") -> rx.Component:
        return rx.el.button(
            text,
            type="button",
            on_click=event({"job": item.uid}),
            class_name=look,
            custom_attrs={"data-testid": name},
        )

    return one_of(
        item.action,
        ("stop", button(_("Stop"), JobsState.stop, "stop-job", "btn sm ghost")),
        ("repeat", button(_("Repeat"), JobsState.repeat, "repeat-job")),
        ("download", rx.el.a(icon("download"), _("Download"), href=item.href, class_name="btn sm")),
        ("show", rx.el.a(_("Show"), href=item.href, class_name="btn sm")),
        rx.fragment(),
    )


def _away(item: JobItem) -> rx.Component:
    return rx.el.button(
        icon("close"),
        type="button",
        title=_("Put away"),
        on_click=JobsState.put_away({"job": item.uid}),
        class_name="btn sm icon ghost",
        custom_attrs={"data-testid": "put-job-away", "aria-label": _("Put away")},
    )
