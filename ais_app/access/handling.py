"""Declaring handlers: `@allow` names the right that a handler needs and the payload that it takes.

The actor is looked up and the payload is parsed before the handler runs, so that no handler can forget either.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, TypeVar

import reflex as rx
from pydantic import ValidationError

from ais_app.access import service
from ais_app.access.guard import BoundState, NoticeState, actor_of, notice_values, tab_of
from ais_app.access.payload import Form, Payload, parse
from ais_app.access.policy import Permission, Refusal, permit
from ais_app.clock import SchoolMoment, local_date, local_time, school_moment
from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.forms import Wrong, wrong

T = TypeVar("T")
MOST_SPENT = 20


def allow(
    right: Right, payload: type[Payload] | None = None, refusal: Refusal | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make a handler of `async def name(self, actor)`, or of `async def name(self, actor, asked)` with a `payload`.

    The guard lets it be called by those who have `right`; an event of any other shape is refused, counted and answered:
    with `refusal` (variables of its state) where there is one, else with a notice (D-17).
    """

    def declare(work: Callable[..., Any]) -> Any:
        handler = _with_payload(work, payload, refusal) if payload else _without(work)
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):  # not __wrapped__: it has another signature
            setattr(handler, name, getattr(work, name))
        marked: Any = permit(handler, Permission(right, payload, refusal))
        return rx.event(marked)

    return declare


def _with_payload(work: Callable[..., Any], payload: type[Payload], refusal: Refusal | None) -> Callable[..., Any]:
    async def handler(self: Any, raw: dict[str, Any]) -> Any:
        actor = await actor_of(self)
        if actor is None:  # the session ended between the guard and here
            return None
        try:
            asked = parse(payload, raw)
        except ValidationError:
            await count_refusal(actor, "payload", payload.__name__)
            text = _("This entry cannot be read.")
            if refusal is None:
                await say(self, text)
            else:
                await services().push.send(tab_of(self), _class_of(self), refusal({"raw": raw}, text))
            return None
        return await work(self, actor, asked)

    return handler


def _class_of(state: Any) -> type[Any]:
    return state.__class__


def _without(work: Callable[..., Any]) -> Callable[..., Any]:
    async def handler(self: Any) -> Any:
        actor = await actor_of(self)
        return None if actor is None else await work(self, actor)

    async def in_steps(self: Any) -> Any:
        actor = await actor_of(self)
        if actor is not None:
            async for step in work(self, actor):
                yield step

    return in_steps if inspect.isasyncgenfunction(work) else handler


def today_of(actor: Actor) -> date:
    """Today in the zone of the actor's school."""
    return local_date(services().database.clock.now(), actor.hat.zone)


def now_of(actor: Actor) -> datetime:
    """Now by the clock of the actor's school, without its zone."""
    return local_time(services().database.clock.now(), actor.hat.zone)


def moment_of(actor: Actor) -> SchoolMoment:
    """Now, with its day in the zone of the actor's school."""
    return school_moment(services().database.clock.now(), actor.hat.zone)


async def is_anew(state: rx.State) -> bool:
    """Whether the tab has opened its page anew (a link, a reload), rather than connected again (D-50)."""
    return (await state.get_state(BoundState))._anew  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - never sent


async def say(state: rx.State, text: str, *, done: bool = False) -> None:
    """Show the person a notice; `done`: it tells of something that was done."""
    notice = await state.get_state(NoticeState)
    for name, value in notice_values(text, done=done).items():
        setattr(notice, name, value)


@asynccontextmanager
async def said_in_place(state: Any) -> AsyncGenerator[None]:
    """When the block raises, set `status = "error"` in the state and in the browser, and let the exception go on."""
    try:
        yield
    except Exception:
        state.status = "error"  # for a delta that still follows; without one, what is pushed says it
        await services().push.send(tab_of(state), _class_of(state), {"status": "error"})
        raise


async def count_refusal(actor: Actor, kind: str, subject: str) -> None:
    """Count a refused attempt of this actor at `subject`, cut at 64 characters."""
    await services().database.awrite(
        lambda uow: service.record_refusal(
            uow, kind, account=actor.account_uid, network=actor.network, subject=subject[:64]
        )
    )


async def spend(state: rx.State, form: Form) -> None:
    """Tell the device that the form was saved, so that it forgets the draft."""
    if form.draft:
        notice = await state.get_state(NoticeState)
        notice.spent = [*notice.spent, form.draft][-MOST_SPENT:]


async def change(
    state: Any, actor: Actor, work: Callable[[UnitOfWork], T], subject: str, form: Payload | None = None
) -> T | None:
    """Run a service for this actor and return its result; a refusal is shown as a notice and returns None.

    With the `form` that was sent, a refusal for one of its fields is shown at that field (`state.wrong`), and its draft
    is forgotten when the result is true. NotYours is counted under `subject`.
    """
    fields = type(form).model_fields if form is not None else {}
    if form is not None and state.wrong.field in fields:
        state.wrong = Wrong()
    try:
        made = await services().database.awrite(work, shard=actor.hat.school_uid)
    except Refused as refusal:
        if isinstance(refusal, NotYours):
            await count_refusal(actor, "change", subject)
        if refusal.field in fields:
            state.wrong = wrong(refusal.field, str(refusal))
        else:
            await say(state, str(refusal))
        return None
    if made and isinstance(form, Form):  # nothing was written: what is typed is not saved either
        await spend(state, form)
    return made
