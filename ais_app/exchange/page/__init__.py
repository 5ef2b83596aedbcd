"""`/exchange`: a set is sent and checked, its report, writing it with progress, slips, and the export of a school."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.exchange.files import LARGEST
from ais_app.exchange.page.jobs import actions, head, progress_of
from ais_app.exchange.page.report import counts, found, options
from ais_app.exchange.state import ExchangeState
from ais_app.exchange.views import SchoolItem
from ais_app.i18n import _, p_
from ais_app.school.page_frame import in_page_frame
from ais_app.web.kit.dialog import CLOSES_DIALOG, dialog, opens_dialog
from ais_app.web.kit.file_field import file_field
from ais_app.web.kit.styles import kit_styles
from ais_app.web.shell import NativeForm, by_status, failed
from ais_app.web.variables import variable


def exchange_page() -> rx.Component:
    state = ExchangeState
    return in_page_frame(
        kit_styles(),
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
        rx.el.div(
            file_field(
                _("A zip with CSV files of OneRoster 1.1 or 1.2, SDS 2.1, or an export of this program"),
                "set",
                "/exchange/sets",
                (".zip",),
                LARGEST,
                ExchangeState.sent,
                help_text=_("It is only checked first: nothing is written."),
            ),
            class_name="bd",
        ),
        class_name="card",
    )


def _check() -> rx.Component:
    state = ExchangeState
    check = state.check
    return rx.cond(
        check.state != "",
        rx.el.section(
            head(p_("exchange", "Check"), check, "check"),
            progress_of(_("Check of the set"), check, "check-progress"),
            counts(),
            options(),
            found(),
            actions(
                rx.cond(
                    state.may_write,
                    rx.el.button(
                        _("Write into the journal"),
                        type="button",
                        on_click=ExchangeState.write({"job": check.uid}),
                        class_name="btn primary",
                        custom_attrs={"data-testid": "write-set"},
                    ),
                ),
                rx.cond(check.file != "", _download(_("Report as CSV"), check.file, "btn", "report")),
            ),
            class_name="card",
        ),
    )


def _written() -> rx.Component:
    written, taken = ExchangeState.written, ExchangeState.taken
    return rx.cond(
        written.state != "",
        rx.el.section(
            head(_("Import"), written, "import"),
            progress_of(_("Writing into the journal"), written, "import-progress"),
            rx.cond(
                taken.state != "",
                progress_of(_("Taking the import back"), taken, "taken-progress"),
            ),
            actions(
                rx.cond(
                    written.file != "",
                    _download(_("Slips with first passwords (PDF)"), written.file, "btn primary", "slips"),
                ),
                rx.cond(
                    written.may_go_on,
                    rx.el.button(
                        _("Write the rest"),
                        type="button",
                        on_click=ExchangeState.go_on({"run": written.uid}),
                        class_name="btn primary",
                        custom_attrs={"data-testid": "go-on"},
                    ),
                ),
                rx.cond(
                    written.may_go,
                    rx.el.button(
                        _("Take the import back…"),
                        type="button",
                        class_name="btn danger",
                        custom_attrs=opens_dialog("take-back"),
                    ),
                ),
            ),
            dialog(
                "take-back",
                _("Take the import back?"),
                rx.el.p(
                    _(
                        "Everything that it brought goes again: people, accounts with their first passwords, classes, "
                        "courses. What it changed becomes what it was."
                    )
                ),
                rx.el.p(
                    _(
                        "It is refused when somebody has signed in with an account of it or has entered something that "
                        "hangs on it. «Operations» keeps who did it, and can do it again."
                    ),
                    class_name="sm muted",
                ),
                rx.el.div(
                    rx.el.button(
                        _("Take the import back"),
                        type="button",
                        on_click=ExchangeState.take_back({"run": written.uid}),
                        class_name="btn danger solid",
                        custom_attrs={"data-testid": "take-set-back-yes", **CLOSES_DIALOG},
                    ),
                    rx.el.button(_("Leave it as it is"), type="button", class_name="btn", custom_attrs=CLOSES_DIALOG),
                    class_name="row wrap",
                ),
                finished=taken.uid,
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
                p_("exchange", "Export"),
                type="button",
                on_click=ExchangeState.export({"school": item.uid}),
                class_name="btn sm",
                custom_attrs={
                    "data-testid": "export",
                    "aria-label": variable(p_("exchange", "Export")) + ": " + item.name,
                },
            ),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(_("Export a school")), class_name="hd"),
        rx.el.ul(rx.foreach(ExchangeState.schools, school), class_name="tl"),
        rx.cond(
            exported.state != "",
            rx.fragment(
                head(_("Last export"), exported, "exported"),
                progress_of(_("Export of a school"), exported, "export-progress"),
                actions(
                    rx.cond(exported.file != "", _download(_("Download the zip"), exported.file, "btn primary", "zip"))
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


def _download(text: str, address: Any, look: str, name: str) -> rx.Component:
    """A button that fetches a file: a link would be followed by the router of the pages."""
    return NativeForm.create(
        rx.el.button(text, type="submit", class_name=look, custom_attrs={"data-testid": name}),
        action=address,
        method="get",
    )
