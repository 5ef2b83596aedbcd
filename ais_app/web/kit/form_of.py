"""A form made from a payload: labels, help, units, controls and bounds come from its fields (`shown.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx
from pydantic import BaseModel

from ais_app.i18n import _
from ais_app.web.forms import FORGETS, kept_form
from ais_app.web.icons import icon
from ais_app.web.kit.form_errors import WHOLE
from ais_app.web.kit.keys import focus_wrong
from ais_app.web.kit.shown import FieldOf, fields_of


def form_of(
    model: type[BaseModel],
    thing: Any,
    values: Any,
    errors: Any,
    on_submit: Any,
    *actions: rx.Component,
    submit: str = "",
    hidden: Mapping[str, Any] | None = None,
    test_id: str = "",
) -> rx.Component:
    """`thing`: what the draft is about, by ids (`web.forms.kept_form`). `values`: a variable, {field: text}, as
    `access.typed_form.texts` makes them. `errors`: a variable with `FormErrors`. `hidden`: values that travel unseen.

    The event takes `access.typed_form.texts_of(model)`. `actions` stand beside the button `submit`.
    """
    prefix = test_id or model.__name__.lower()
    return kept_form(
        thing,
        focus_wrong(errors.first, errors.said),
        *[rx.el.input(type="hidden", name=name, value=value, read_only=True) for name, value in (hidden or {}).items()],
        rx.cond(
            errors.texts[WHOLE], rx.el.p(icon("alert"), errors.texts[WHOLE], class_name="note danger", role="alert")
        ),
        *[_field(one, f"{prefix}-{one.name}", values[one.name], errors) for one in fields_of(model)],
        rx.el.div(
            rx.el.button(
                submit or _("Save"),
                type="submit",
                class_name="btn primary",
                custom_attrs={"data-testid": f"{prefix}-send"},
            ),
            *actions,
            class_name="row wrap",
        ),
        on_submit=on_submit,
        no_validate=True,
        class_name="kform",
        custom_attrs={"data-testid": prefix},
    )


def discard_button(label: str) -> rx.Component:
    """An action of a form that brings back what was there."""
    return rx.el.button(label, type="reset", class_name="btn", custom_attrs=FORGETS)


def _field(one: FieldOf, target: str, value: Any, errors: Any) -> rx.Component:
    wrong, sentence = errors.texts[one.name], f"{target}-wrong"
    described = " ".join([f"{target}-help"] if one.help else [])
    marks = {
        "id": target,  # past Reflex, which would send the field once more under it
        "data-testid": target,
        "aria-invalid": rx.cond(wrong, "true", None),
        "aria-describedby": rx.cond(wrong, f"{described} {sentence}".strip(), described or None),
    }
    if one.needed:
        marks["aria-required"] = "true"
    help_text = [rx.el.span(one.help, class_name="hint", custom_attrs={"id": f"{target}-help"})] if one.help else []
    said = rx.cond(
        wrong,
        rx.el.span(
            icon("alert"), wrong, key=errors.said, class_name="err", role="alert", custom_attrs={"id": sentence}
        ),
    )
    if one.kind == "check":
        box = rx.el.input(type="checkbox", name=one.name, default_checked=value == "1", custom_attrs=marks)
        label = rx.el.label(box, rx.el.span(one.shown.label), html_for=target, class_name="chk")
        return rx.el.div(label, *help_text, said, class_name="field")
    if one.kind == "radio":
        return _radio(one, target, value, marks, [*help_text, said])
    control = _with_unit(_control(one, value, marks), one.shown.unit)
    needed = "" if one.needed or one.kind == "select" else rx.el.span(" ", _("(optional)"), class_name="dim")
    label = rx.el.label(one.shown.label, needed, html_for=target)
    return rx.el.div(label, control, *help_text, said, class_name="field")


def _radio(one: FieldOf, target: str, value: Any, marks: dict[str, Any], after: list[Any]) -> rx.Component:
    described = {name: marks[name] for name in ("aria-describedby",)}
    return rx.el.fieldset(
        rx.el.legend(one.shown.label, class_name="lbl"),
        *[
            rx.el.label(
                rx.el.input(
                    type="radio",
                    name=one.name,
                    value=option,
                    default_checked=value == option,
                    custom_attrs={"data-testid": f"{target}-{option}", **described},
                ),
                rx.el.span(words),
                class_name="chk",
            )
            for option, words in one.options
        ],
        *after,
        class_name="field kset",
        custom_attrs={"data-testid": target},
    )


def _with_unit(control: rx.Component, unit: str) -> rx.Component:
    return rx.el.span(control, rx.el.span(unit, class_name="muted"), class_name="kunit") if unit else control


def _control(one: FieldOf, value: Any, marks: dict[str, Any]) -> rx.Component:
    if one.kind == "select":
        options = [rx.el.option(words, value=option) for option, words in one.options]
        return rx.el.select(*options, name=one.name, default_value=value, class_name="select", custom_attrs=marks)
    if one.kind == "area":
        bounds: dict[str, Any] = {"max_length": one.longest} if one.longest else {}
        return rx.el.textarea(
            name=one.name, default_value=value, rows=3, class_name="input area", custom_attrs=marks, **bounds
        )
    if one.kind in ("date", "time"):
        bounds: dict[str, Any] = {
            name: str(bound) for name, bound in (("min", one.least), ("max", one.most)) if bound is not None
        }
        return rx.el.input(
            type=one.kind, name=one.name, default_value=value, class_name="input short", custom_attrs=marks, **bounds
        )
    if one.kind == "number":  # a text: what is no number stays to be seen and mended
        return rx.el.input(
            type="text",
            name=one.name,
            default_value=value,
            input_mode="decimal",
            class_name="input short num",
            custom_attrs={"autoComplete": "off", **marks},
        )
    bounds: dict[str, Any] = {"max_length": one.longest} if one.longest else {}
    return rx.el.input(
        type="text", name=one.name, default_value=value, class_name="input", custom_attrs=marks, **bounds
    )
