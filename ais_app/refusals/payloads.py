"""What the list of refusals shows, as its address says it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ais_app.access.list_address import ListAddress

PATH = "/refusals"
COLUMNS = ("last", "count")  # those that order the list
USUAL = "-last"


class RefusalsAddress(ListAddress):
    """Which refusals: of a kind, as the table `security_event` names it."""

    kind: Annotated[str, Field(pattern=r"^([a-z_]{1,32})?$")] = ""
