"""What the grid and the panel may send: parsed strictly, nothing else is looked at (S-04)."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Uid = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]
CellText = Annotated[str, Field(max_length=16)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class Payload(BaseModel):
    """Exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


M = TypeVar("M", bound=Payload)


def parse(model: type[M], raw: Any) -> M:
    """Parse an event's payload. Raises ValidationError.

    By way of JSON: there an array may be a tuple, while in strict Python mode a list may not.
    """
    return model.model_validate_json(json.dumps(raw))


class GridEdit(Payload):
    """Cells of one operation: [student, work, text, version seen]."""

    op: Uid
    course: Uid
    cells: Annotated[list[tuple[Uid, Uid, CellText, Version]], Field(min_length=1, max_length=2000)]


class Resync(Payload):
    course: Uid
    seq: Annotated[int, Field(ge=0)]


class Look(Payload):
    """The active cell; `panel` = the lesson panel was asked for."""

    course: Uid
    student: Uid
    work: Uid
    panel: bool


class ChoosePeriod(Payload):
    period: Uid


class ChooseType(Payload):
    type: Uid


class RollCall(Payload):
    student: Uid
    code: Literal["", "н", "о"]


class LessonForm(Payload):
    """The form of the lesson panel; a browser's form sends texts only."""

    topic: Annotated[str, Field(max_length=300)]
    homework: Annotated[str, Field(max_length=2000)]
    minutes: Annotated[str, Field(max_length=4)]
    nothing_set: str = ""


class NewLesson(Payload):
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    number: Annotated[str, Field(pattern=r"^\d{1,2}$")]


class CommentForm(Payload):
    comment: Annotated[str, Field(max_length=500)]
