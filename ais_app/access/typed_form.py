"""What a form sends are texts; here they become the values of its payload, or sentences at its fields (S-04).

The event of a form `M` takes `texts_of(M)`, the same fields as bounded texts; its handler calls `read`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import Field, ValidationError, create_model

from ais_app.access.payload import Form
from ais_app.i18n import _, decimal, full_date, ngettext
from ais_app.web.kit.form_errors import WHOLE, FormErrors, form_errors
from ais_app.web.kit.shown import plain_type

M = TypeVar("M", bound=Form)
LONGEST_TEXT = 4_000  # characters of a field that says nothing of its own
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
_DAY, _TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"[0-9]{2}:[0-9]{2}")


@cache
def texts_of(model: type[Form]) -> type[Form]:
    """The payload of the event: every field of `model` as a text; a box that is not ticked does not come at all."""
    fields: dict[str, Any] = {
        name: (Annotated[str, Field(max_length=LONGEST_TEXT)], "")
        for name in model.model_fields
        if name not in Form.model_fields
    }
    return create_model(
        f"{model.__name__}Texts", __base__=Form, __doc__=f"`{model.__name__}` as it is typed.", **fields
    )


def texts(form: Form) -> dict[str, str]:
    """The values of a form as its fields show them: a box is "1" or ""."""
    return {name: _text(value) for name, value in form.model_dump(exclude={*Form.model_fields}).items()}


def as_typed(sent: Form) -> dict[str, str]:
    """What was sent, to be shown again: a box is "1" or ""."""
    return {name: str(value) for name, value in sent.model_dump(exclude={*Form.model_fields}).items()}


def read(model: type[M], sent: Form) -> tuple[M | None, FormErrors]:
    """(the form, no errors), or (None, what is wrong at which fields, in their order)."""
    given: Mapping[str, str] = sent.model_dump()
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, info in model.model_fields.items():
        text = given.get(name, "")
        kind, may_be_none = plain_type(info)
        if kind is not str and not text.strip() and kind is not bool:
            if may_be_none:
                values[name] = None
            elif info.is_required():
                wrong[name] = _("Fill in this field.")
            continue
        try:
            values[name] = _value(kind, text)
        except ValueError as error:
            wrong[name] = str(error)
    try:
        form = model.model_validate(values)
    except ValidationError as error:
        for problem in cast("list[dict[str, Any]]", error.errors()):
            wrong.setdefault(str(problem["loc"][0]) if problem["loc"] else WHOLE, _sentence(problem))
    else:
        if not wrong:
            return form, FormErrors()
    return None, form_errors({name: wrong[name] for name in (*model.model_fields, WHOLE) if name in wrong})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, (float, Decimal)):
        return decimal(value)
    return "" if value is None else str(value)


def _value(kind: Any, text: str) -> Any:
    """Raises ValueError with a sentence for a person."""
    if kind is bool:
        return text not in ("", "0", "false")
    if kind is int:
        text = text.strip()
        if not _INTEGER.fullmatch(text):
            raise ValueError(_("A whole number is needed."))
        return int(text)
    if kind in (float, Decimal):
        text = text.strip().replace(",", ".")
        if not _DECIMAL.fullmatch(text):
            raise ValueError(_("A number is needed."))
        return kind(text)
    if kind in (date, time):
        return _moment(kind, text.strip())
    return text


def _moment(kind: Any, text: str) -> Any:
    sentence = _("A date is needed, such as 24.12.2026.") if kind is date else _("A time is needed, such as 08:30.")
    if not (_DAY if kind is date else _TIME).fullmatch(text):
        raise ValueError(sentence)
    try:
        return kind.fromisoformat(text)
    except ValueError:
        raise ValueError(sentence) from None


def _sentence(problem: Mapping[str, Any]) -> str:
    kind: str = problem["type"]
    bounds: dict[str, Any] = problem.get("ctx") or {}
    if kind in ("missing", "string_too_short") and not problem.get("input"):
        return _("Fill in this field.")
    if kind == "string_too_long":
        return ngettext("At most {count} character.", "At most {count} characters.", bounds["max_length"])
    if kind == "string_too_short":
        return ngettext("At least {count} character.", "At least {count} characters.", bounds["min_length"])
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return words().format(bound=_bound(bounds[name]))
    if kind in ("literal_error", "enum"):
        return _("Choose one of the list.")
    return _("This value does not fit.")


# {what pydantic says: (the name of the bound, the sentence)}.
_BOUNDS: dict[str, tuple[str, Callable[[], str]]] = {
    "greater_than_equal": ("ge", lambda: _("It must be {bound} or more.")),
    "less_than_equal": ("le", lambda: _("It must be {bound} or less.")),
    "greater_than": ("gt", lambda: _("It must be more than {bound}.")),
    "less_than": ("lt", lambda: _("It must be less than {bound}.")),
}


def _bound(value: Any) -> str:
    if isinstance(value, date):
        return full_date(value)
    return f"{value:%H:%M}" if isinstance(value, time) else decimal(value)
