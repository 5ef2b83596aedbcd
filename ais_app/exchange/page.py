"""`/exchange`: a set is sent and checked, its report, writing it with progress, slips, and the export of a school."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.exchange.state import ExchangeState
from ais_app.exchange.views import CountItem, FoundItem, SchoolItem
from ais_app.i18n import _, p_
from ais_app.school.page_frame import in_page_frame
from ais_app.web.icons import icon
from ais_app.web.shell import NativeForm, by_status, failed
from ais_app.web.variables import length, one_of, variable


def exchange_page() -> rx.Component:
    state = ExchangeState
    return in_page_frame(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(p_("page", "Exchange")),
                    rx.el.p(
                        _("Sets of other systems come in, a whole school goes out. You can leave the page: it goes on.")
                    ),
                ),
                class_name="pagehead",
            ),
            by_status(
                state.status,
                rx.el.div(
                    rx.el.div(_send(), _check(), _written(), class_name="stack"),
                    rx.el.div(_export(), _about(), class_name="stack"),
                    class_name="lay",
                ),
                failed(_("The page could not be shown"), state.open_page),
            ),
            class_name="page",
        ),
    )


def _send() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(_("Import a set")), class_name="hd"),
        NativeForm.create(
            rx.el.div(
                rx.el.label(
                    _("A zip with CSV files of OneRoster 1.1 or 1.2, SDS 2.1, or an export of this program"),
                    html_for="set",
                ),
                rx.el.input(
                    type="file",
                    name="set",
                    id="set",
                    accept=".zip",
                    required=True,
                    class_name="input",
                    custom_attrs={"data-testid": "set"},
                ),
                rx.el.p(_("At most 200 MB. It is only checked first: nothing is written."), class_name="sm muted"),
                class_name="field",
            ),
            rx.el.button(
                _("Send and check"), type="submit", class_name="btn primary", custom_attrs={"data-testid": "send"}
            ),
            action="/exchange/sets",
            method="post",
            enc_type="multipart/form-data",
            class_name="bd stack",
        ),
        class_name="card",
    )


def _check() -> rx.Component:
    state = ExchangeState
    check = state.check

    def count(item: CountItem) -> rx.Component:
        return rx.el.li(rx.el.div(rx.el.b(item.title), rx.el.p(item.text, class_name="sm"), class_name="grow"))

    return rx.cond(
        check.state != "",
        rx.el.section(
            _head(p_("exchange", "Check"), check, "check"),
            _progress(check),
            rx.cond(
                length(state.counts) > 0,
                rx.el.ul(rx.foreach(state.counts, count), class_name="tl", custom_attrs={"data-testid": "counts"}),
            ),
            _found(),
            rx.el.div(
                rx.cond(check.file != "", _download(_("Report as CSV"), check.file, "btn", "report")),
                rx.cond(
                    state.may_write,
                    rx.el.button(
                        _("Write into the journal"),
                        on_click=ExchangeState.write({"job": check.uid}),
                        class_name="btn primary",
                        custom_attrs={"data-testid": "write-set"},
                    ),
                ),
                class_name="bd stack",
            ),
            class_name="card",
        ),
    )


def _found() -> rx.Component:
    def row(item: FoundItem) -> rx.Component:
        return rx.el.tr(
            rx.el.td(
                rx.cond(
                    item.sort == "problem",
                    rx.el.span(icon("alert"), _("problem"), class_name="badge danger"),
                    rx.el.span(_("note"), class_name="badge"),
                )
            ),
            rx.el.td(item.file),
            rx.el.td(item.row, class_name="num"),
            rx.el.td(item.column),
            rx.el.td(item.text),
        )

    return rx.cond(
        length(ExchangeState.found) > 0,
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        *(rx.el.th(text, scope="col") for text in (_("Sort"), _("File"), _("Row"), _("Column"))),
                        rx.el.th(_("What was found"), scope="col"),
                    )
                ),
                rx.el.tbody(rx.foreach(ExchangeState.found, row)),
                class_name="tbl",
                custom_attrs={"data-testid": "found"},
            ),
            class_name="scroll",
            tab_index=0,
            role="region",
            custom_attrs={"aria-label": _("What was found")},
        ),
    )


def _written() -> rx.Component:
    written = ExchangeState.written

    def button(text: str, event: Any, name: str) -> rx.Component:
        return rx.el.button(
            text, on_click=event({"run": written.uid}), class_name="btn", custom_attrs={"data-testid": name}
        )

    return rx.cond(
        written.state != "",
        rx.el.section(
            _head(_("Import"), written, "import"),
            _progress(written),
            rx.el.div(
                rx.cond(
                    written.file != "",
                    _download(_("Slips with first passwords (PDF)"), written.file, "btn primary", "slips"),
                ),
                rx.cond(written.may_go_on, button(_("Write the rest"), ExchangeState.go_on, "go-on")),
                rx.cond(written.may_go, button(_("Take the import back"), ExchangeState.take_back, "take-back")),
                class_name="bd stack",
            ),
            class_name="card",
        ),
    )


def _export() -> rx.Component:
    exported = ExchangeState.exported

    def school(item: SchoolItem) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.b(item.name), class_name="grow"),
            rx.el.button(
                _("Export"),
                on_click=ExchangeState.export({"school": item.uid}),
                class_name="btn sm",
                custom_attrs={"data-testid": "export"},
            ),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Export a school")), class_name="hd"),
        rx.el.ul(rx.foreach(ExchangeState.schools, school), class_name="tl"),
        rx.cond(
            exported.state != "",
            rx.fragment(
                _head(_("Last export"), exported, "exported"),
                _progress(exported),
                rx.cond(
                    exported.file != "",
                    rx.el.div(
                        _download(_("Download the zip"), exported.file, "btn primary", "zip"),
                        class_name="bd",
                    ),
                ),
            ),
        ),
        class_name="card",
    )


def _about() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(_("How it works")), class_name="hd"),
        rx.el.div(
            rx.el.p(_("A set is taken whole or not at all: each problem is named by file, row and column.")),
            rx.el.p(_("The same set a second time changes nothing. Nobody is deleted who is missing from it.")),
            rx.el.p(_("An import is taken back as one, as long as nobody has used what it brought.")),
            class_name="bd stack",
        ),
        class_name="card",
    )


def _head(title: str, job: Any, name: str) -> rx.Component:
    def badge(sign: str, text: str, look: str) -> rx.Component:
        return rx.el.span(icon(sign), text, class_name=f"badge {look}")

    return rx.el.div(
        rx.el.div(
            rx.el.h2(title),
            rx.el.p(job.name, " ", job.when, class_name="sm muted"),
            rx.el.p(job.said, class_name="sm", role="status"),
            class_name="grow",
        ),
        one_of(
            job.state,
            ("running", badge("clock", p_("job", "runs"), "info")),
            ("waiting", rx.el.span(p_("job", "waits"), class_name="badge")),
            ("done", badge("check", p_("job", "done"), "ok")),
            ("failed", badge("alert", p_("job", "failed"), "danger")),
            rx.el.span(p_("job", "stopped"), class_name="badge"),
        ),
        class_name="hd",
        custom_attrs={"data-testid": name, "data-state": job.state},
    )


def _progress(job: Any) -> rx.Component:
    return rx.cond(
        variable(job.percent) >= 0,
        rx.el.div(
            rx.el.div(
                rx.el.i(style={"width": variable(job.percent).to_string() + "%"}),
                class_name="bar",
                role="progressbar",
                custom_attrs={
                    "aria-valuenow": job.percent,
                    "aria-valuemin": 0,
                    "aria-valuemax": 100,
                    "aria-label": job.said,
                },
            ),
            class_name="bd",
        ),
    )


def _download(text: str, address: Any, look: str, name: str) -> rx.Component:
    """A button that fetches a file: a link would be followed by the router of the pages."""
    return NativeForm.create(
        rx.el.button(text, type="submit", class_name=look, custom_attrs={"data-testid": name}),
        action=address,
        method="get",
    )
