"""The job of this room: each night, what is over goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from pydantic import BaseModel, ConfigDict

from ais_app.i18n import _, ngettext
from ais_app.jobs.declared import JobKind
from ais_app.jobs.rules import Schedule
from ais_app.rights.rules import Right

NIGHT = time(2, 40)


class RemovalAsked(BaseModel):
    """Nothing more: everything that is over at the moment of the asking."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _said(result: Mapping[str, Any]) -> str:
    return ngettext("{count} file was removed", "{count} files were removed", int(result.get("contents", 0)))


REMOVAL = JobKind(
    "file_removal",
    words=lambda _asked: _("Removal of files that are over"),
    payload=RemovalAsked,
    right=Right.CHECK_INTEGRITY,
    work="ais_app.files.removing:work",
    write="ais_app.files.removing:write",
    said=_said,
    schedule=Schedule(at=NIGHT),
)

JOBS = (REMOVAL,)
