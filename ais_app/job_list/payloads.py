"""Shapes of the events of «Работы»."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ais_app.access.payload import Payload


class ChosenJob(Payload):
    """A job of the list."""

    job: Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class Listed(Payload):
    """Which jobs are shown: all, those that wait or run, those that failed. Also the address of the page."""

    tab: Literal["", "open", "failed"] = ""
