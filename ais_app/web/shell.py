"""The shell of every page of the bundle: rail, top bar, main region, notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ais_app.i18n import _
from ais_app.web import alarms, top_bar
from ais_app.web.address import opened_anew
from ais_app.web.appearance.choices import AppearanceGroup, appearance_choices
from ais_app.web.drafts import draft_keeper
from ais_app.web.dropdown import dropdown
from ais_app.web.icons import icon, icon_of, logo
from ais_app.web.variables import one_of


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An item of the rail, as the present hat may see it."""

    href: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class HatItem:
    """A hat that can be put on: «Родитель», «Учитель»."""

    key: str
    label: str
    current: bool


class NativeForm(BaseHTML):
    """A plain browser form that really posts: Reflex's own intercepts every submit."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]


def page(shell: Any, says: Any, *content: rx.Component) -> rx.Component:
    """The frame around `content`.

    `shell` is the state with the person, the school and the menu, `says` the one with the notice to show.
    """
    return rx.el.div(
        rx.cond(says.ended, opened_anew()),
        rx.el.a(_("To the content"), href="#main", class_name="skip"),
        _rail(shell),
        rx.el.div(
            _top_bar(shell, says),
            rx.cond(shell.watched, _watched()),
            alarms.banner(shell),
            rx.el.main(*content, _notice(says), id="main", tab_index=-1, class_name="content"),
            class_name="main",
        ),
        class_name="app",
    )


def _rail(shell: Any) -> rx.Component:
    def item(entry: MenuItem) -> rx.Component:
        return rx.el.a(
            icon_of(entry.icon),
            rx.el.span(entry.label),
            href=entry.href,
            custom_attrs={"aria-current": rx.cond(entry.current, "page", None)},
        )

    return rx.el.nav(
        rx.el.div(logo(), class_name="logo"),
        rx.foreach(shell.menu, item),
        rx.el.a(
            icon("help"),
            rx.el.span(_("Help")),
            href=shell.help,
            class_name="foot not-phone",
            custom_attrs={"data-testid": "help"},
        ),
        class_name="rail",
        custom_attrs={"aria-label": _("Sections")},
    )


def _top_bar(shell: Any, says: Any) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.p(rx.el.b(shell.school), rx.cond(shell.year != "", " · " + shell.year, ""), class_name="school"),
            class_name="grow row",
        ),
        *top_bar.parts(shell),
        draft_keeper(shell.account, shell.personal, says.spent),
        _view_menu(shell),
        dropdown(
            rx.el.summary(
                rx.el.span(shell.initials, class_name="ava", custom_attrs={"aria-hidden": "true"}),
                rx.el.span(shell.person, rx.el.small(shell.role), class_name="nm"),
                class_name="who",
                custom_attrs={"data-testid": "person-menu", "aria-label": _("Account")},
            ),
            rx.el.div(
                rx.el.p(rx.el.b(shell.person), rx.el.br(), rx.el.small(shell.role, class_name="muted")),
                rx.cond(shell.hats.length() > 1, _hats(shell), rx.fragment()),
                rx.el.a(
                    icon("shield"),
                    _("Your account"),
                    href="/account",
                    class_name="btn ghost",
                    custom_attrs={"data-testid": "own-account"},
                ),
                rx.el.a(icon("key"), _("Change the password"), href="/password", class_name="btn ghost"),
                rx.el.a(
                    icon("help"),
                    _("Help"),
                    href=shell.help,
                    class_name="btn ghost only-phone",
                    custom_attrs={"data-testid": "help-phone"},
                ),
                post("/logout", icon("leave"), _("Sign out"), test_id="sign-out"),
                class_name="pop",
            ),
            class_name="disp no-print",
        ),
        class_name="topbar",
    )


def _watched() -> rx.Component:
    """The sentence that an inspector sees on every page."""
    return rx.el.p(
        icon("eye"),
        _("Inspection: view only. Every journal that is opened is recorded."),
        class_name="note watched no-print",
        custom_attrs={"data-testid": "watched"},
    )


def _view_menu(shell: Any) -> rx.Component:
    """The menu of colours, size and spacing: plain posts, so that the next page is already right."""

    def option(field: str, value: str, label: str) -> rx.Component:
        pressed = rx.cond(shell.appearance[field] == value, "true", "false")
        return rx.el.button(
            label,
            type="submit",
            name=field,
            value=value,
            custom_attrs={"aria-pressed": pressed, "data-testid": f"look-{field}-{value or 'usual'}"},
        )

    def group(choice: AppearanceGroup) -> rx.Component:
        return NativeForm.create(
            rx.el.p(choice.title, class_name="lbl"),
            rx.el.div(*[option(choice.field, value, label) for value, label in choice.options], class_name="seg"),
            action="/look",
            method="post",
        )

    return dropdown(
        rx.el.summary(
            icon("eye"),
            class_name="btn ghost icon",
            title=_("View and version for low vision"),
            custom_attrs={"data-testid": "view-menu", "aria-label": _("View and version for low vision")},
        ),
        rx.el.div(
            *[group(choice) for choice in appearance_choices()],
            class_name="pop",
            role="group",
            custom_attrs={"aria-label": _("View of the page")},
        ),
        class_name="disp no-print",
    )


def _hats(shell: Any) -> rx.Component:
    def hat(entry: HatItem) -> rx.Component:
        return NativeForm.create(
            rx.el.input(type="hidden", name="hat", value=entry.key, read_only=True),
            rx.el.button(
                entry.label,
                type="submit",
                class_name="btn ghost",
                disabled=entry.current,
                custom_attrs={"aria-current": rx.cond(entry.current, "true", None)},
            ),
            action="/hat",
            method="post",
        )

    return rx.el.div(rx.el.p(_("Act as"), class_name="lbl"), rx.foreach(shell.hats, hat), class_name="stack hats")


def post(action: str, *content: Any, test_id: str, class_name: str = "btn ghost") -> rx.Component:
    """A button that posts to a server route, for what changes the session."""
    return NativeForm.create(
        rx.el.button(*content, type="submit", class_name=class_name, custom_attrs={"data-testid": test_id}),
        action=action,
        method="post",
    )


def print_button(label: str, test_id: str) -> rx.Component:
    """A button that prints the page; compiled into the bundle, since an event from the server would need `eval`."""
    return rx.el.button(
        icon("print"),
        rx.el.span(label),
        type="button",
        class_name="btn",
        custom_attrs={"onClick": rx.Var("() => window.print()"), "data-testid": test_id},
    )


def _hide() -> rx.Component:
    """A button that hides its parent; compiled into the bundle, since an event from the server would need `eval`."""
    return rx.el.button(
        icon("close"),
        type="button",
        class_name="btn sm ghost icon",
        custom_attrs={
            "aria-label": _("Close"),
            "onClick": rx.Var("(event) => { event.currentTarget.parentElement.hidden = true; }"),
            "data-testid": "hide-notice",
        },
    )


def _notice(says: Any) -> rx.Component:
    """The notice at the bottom. One of something done disappears by itself; any other stays until it is hidden."""
    return rx.el.div(
        rx.cond(
            says.notice != "",
            rx.el.div(
                rx.cond(says.done, icon("check"), icon("alert")),
                rx.el.span(says.notice),
                rx.cond(says.done, rx.fragment(), _hide()),
                key=says.said,
                class_name=rx.cond(says.done, "toast done", "toast"),
                custom_attrs={"data-testid": "notice"},
            ),
        ),
        role="status",
        custom_attrs={"aria-live": "polite"},
    )


def empty(title: Any, text: Any, *next_step: rx.Component, sign: str = "journal") -> rx.Component:
    """What is empty, why, and what comes next."""
    return rx.el.div(
        icon(sign),
        rx.el.h2(title),
        rx.el.p(text),
        *next_step,
        class_name="empty",
        custom_attrs={"data-testid": "empty"},
    )


def failed(title: str, again: Any) -> rx.Component:
    """Shown instead of what could not be read: what happened, what is safe, a button for the event `again`."""
    return rx.el.div(
        icon("alert"),
        rx.el.h2(title),
        rx.el.p(_("Nothing is lost. Try again; if it happens once more, tell the administrator of the school.")),
        rx.el.button(
            _("Try again"), on_click=again, class_name="btn primary", custom_attrs={"data-testid": "try-again"}
        ),
        class_name="empty",
        role="alert",
        custom_attrs={"data-testid": "failed"},
    )


def loading(what: str) -> rx.Component:
    """Grey bars and the sentence `what`; the style shows them only when loading takes longer than a moment."""
    return rx.el.div(
        *[rx.el.div(class_name="sk") for _bar in range(8)],
        rx.el.p(what, class_name="sm muted"),
        class_name="stack",
        custom_attrs={"aria-busy": "true"},
    )


def by_status(status: Any, ready: rx.Component, error: rx.Component) -> rx.Component:
    """A part of a page that is loading, shown, or could not be shown."""
    return one_of(status, ("ready", ready), ("error", error), loading(_("The page is being opened")))


def segment(
    label: str, options: tuple[str, ...], current: Any, on_choose: Callable[[str], Any], test_id: str
) -> rx.Component:
    """One choice of a few. `options` = value, text, value, text, …; `current` is the variable that holds the value."""
    pairs = zip(options[::2], options[1::2], strict=True)
    return rx.el.div(
        *[
            rx.el.button(
                text,
                type="button",
                on_click=on_choose(value),
                custom_attrs={
                    "aria-pressed": rx.cond(current == value, "true", "false"),
                    "data-testid": f"{test_id}-{value}",
                },
            )
            for value, text in pairs
        ],
        class_name="seg",
        role="group",
        custom_attrs={"aria-label": label},
    )


def elsewhere() -> rx.Component:
    """Shown at an address that the bundle does not know, such as `/login`: loads the page from the server."""
    return rx.el.meta(http_equiv="refresh", content="0")
