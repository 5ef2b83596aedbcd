"""What every handler does: parse what came, run a service as the actor, say what a person must know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import reflex as rx
from pydantic import ValidationError

from ais_app.access import service
from ais_app.access.errors import NotYours, Refused
from ais_app.access.guard import NoticeState, actor_of
from ais_app.access.payload import Payload, parse
from ais_app.access.rules import Actor
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.house import house
from ais_app.i18n import _

T = TypeVar("T")
M = TypeVar("M", bound=Payload)


def today_of(actor: Actor) -> date:
    """Today in the zone of the actor's school."""
    return local_date(house().database.clock.now(), actor.hat.zone)


async def say(state: rx.State, text: str) -> None:
    """One line for the person, read aloud politely."""
    notice = await state.get_state(NoticeState)
    notice.notice = text


async def count_refusal(state: rx.State, kind: str, subject: str) -> None:
    """A refused attempt is counted, with who and what."""
    actor = await actor_of(state)
    if actor is not None:
        await house().database.awrite(
            lambda uow: service.record_refusal(
                uow, kind, account=actor.account_uid, network=actor.network, subject=subject[:64]
            )
        )


async def parsed(state: rx.State, model: type[M], raw: Any) -> M | None:
    """The payload as `model`, or None: then it was counted and the person told."""
    try:
        return parse(model, raw)
    except ValidationError:
        await count_refusal(state, "payload", model.__name__)
        await say(state, _("This entry cannot be read."))
        return None


async def change(state: rx.State, work: Callable[[UnitOfWork, Actor], T], subject: str) -> T | None:
    """Run a service as this actor; a refusal becomes a notice and None."""
    actor = await actor_of(state)
    if actor is None:
        return None
    try:
        return await house().database.awrite(lambda uow: work(uow, actor), shard=actor.hat.school_uid)
    except Refused as refusal:
        if isinstance(refusal, NotYours):
            await count_refusal(state, "change", subject)
        await say(state, str(refusal))
        return None
