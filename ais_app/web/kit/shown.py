"""How a field of a payload is shown in a form: its words stand beside its type and bounds."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ais_app.i18n import _, ngettext

AREA_FROM = 200  # characters; a text that may be longer gets several lines


@dataclass(frozen=True, slots=True)
class Shown:
    """Of a field: `Annotated[int, Field(ge=1, le=30), Shown(_("Edit window"), unit=_("days"))]`.

    `control` is for what the type does not say: an area, a day or a time that is a text, radio buttons for a choice.
    `words`: what the values of a `Literal` are called.
    """

    label: str
    help: str = ""
    unit: str = ""
    control: Literal["", "area", "date", "time", "radio"] = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field as a form needs it. `kind` is the control; `least`, `most`: bounds of a number or a date."""

    name: str
    shown: Shown
    kind: Literal["text", "area", "number", "check", "select", "radio", "date", "time"]
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    longest: int | None = None
    least: Any = None
    most: Any = None

    @property
    def help(self) -> str:
        """The help and the bounds: «Из рекомендаций. От 0 до 30»."""
        said = [self.shown.help] if self.shown.help else []
        if self.kind == "number" and self.least is not None and self.most is not None:
            said.append(_("From {least} to {most}.").format(least=self.least, most=self.most))
        elif self.kind == "number" and self.least is not None:
            said.append(_("Not less than {least}.").format(least=self.least))
        elif self.kind == "number" and self.most is not None:
            said.append(_("Not more than {most}.").format(most=self.most))
        elif self.kind == "area" and self.longest:
            said.append(ngettext("Up to {count} character.", "Up to {count} characters.", self.longest))
        return " ".join(said)


def fields_of(model: type[BaseModel]) -> list[FieldOf]:
    """The fields of a payload that are shown, in their order."""
    return [_field(name, info, shown) for name, info in model.model_fields.items() if (shown := shown_of(info))]


def shown_of(info: FieldInfo) -> Shown | None:
    return next((one for one in info.metadata if isinstance(one, Shown)), None)


def plain_type(info: FieldInfo) -> tuple[Any, bool]:
    """(the type of a field without None, whether it may be None)."""
    annotation: Any = info.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        if len(inner) == 1 and len(inner) < len(get_args(annotation)):
            while hasattr(inner[0], "__metadata__"):  # the bounds of `Annotated[int, …] | None`
                inner = [get_args(inner[0])[0]]
            return inner[0], True
    return annotation, False


def _bound(info: FieldInfo, *names: str) -> Any:
    metadata = [*info.metadata]
    for one in get_args(info.annotation):
        metadata += getattr(one, "__metadata__", ())
    flat = [inner for one in metadata for inner in (one.metadata if isinstance(one, FieldInfo) else [one])]
    found = (getattr(one, name, None) for one in flat for name in names)
    return next((value for value in found if value is not None), None)


def _field(name: str, info: FieldInfo, shown: Shown) -> FieldOf:
    kind_of, may_be_none = plain_type(info)
    longest = _bound(info, "max_length")
    options = _options(kind_of, shown)
    return FieldOf(
        name,
        shown,
        _kind(kind_of, shown, longest),
        ((("", "—"), *options) if may_be_none and options else options),
        needed=_is_needed(info, kind_of) and not may_be_none,
        longest=longest,
        least=_bound(info, "ge", "gt"),
        most=_bound(info, "le", "lt"),
    )


def _is_needed(info: FieldInfo, kind_of: Any) -> bool:
    """Whether it cannot be left empty: of a text, its shortest length says so."""
    return bool(_bound(info, "min_length")) if kind_of is str else info.is_required() and kind_of is not bool


def _options(kind_of: Any, shown: Shown) -> tuple[tuple[str, str], ...]:
    values = [str(value) for value in get_args(kind_of)] if get_origin(kind_of) is Literal else [*shown.words]
    return tuple((value, shown.words.get(value, value)) for value in values)


def _kind(kind_of: Any, shown: Shown, longest: int | None) -> Any:
    if shown.control:
        return shown.control
    if get_origin(kind_of) is Literal or shown.words:
        return "select"
    named = {"bool": "check", "int": "number", "float": "number", "Decimal": "number", "date": "date", "time": "time"}
    usual = "area" if longest and longest > AREA_FROM else "text"
    return named.get(getattr(kind_of, "__name__", ""), usual)
