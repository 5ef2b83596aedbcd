"""What is wrong in a form, at all of its fields at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from ais_app.db.columns import new_uid

WHOLE = "form"  # the name of what is wrong with the form as a whole


@dataclass(frozen=True, slots=True)
class FormErrors:
    """{field: the sentence beneath it}; `first`: the field that gets the focus; `said`: new with each sending."""

    texts: dict[str, str] = field(default_factory=dict)
    first: str = ""
    said: str = dataclasses.field(default="", compare=False)

    def __bool__(self) -> bool:
        return bool(self.texts)


def form_errors(texts: Mapping[str, str]) -> FormErrors:
    """`texts` in the order of the fields."""
    return FormErrors(dict(texts), next(iter(texts), ""), new_uid())
