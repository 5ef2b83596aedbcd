"""The guard: stands before every event. Binds the tab's state to the session, authorises, default deny."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import reflex as rx
import structlog
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from ais_app.access import service, sessions
from ais_app.access.addresses import login_address
from ais_app.access.payload import fits
from ais_app.access.policy import FRAMEWORK_HANDLERS, OPENING, REPORTS, Permission, permission_of
from ais_app.db.columns import new_uid
from ais_app.i18n import _
from ais_app.rights.rules import Actor
from ais_app.services import services

log = structlog.get_logger("guard")
LARGEST_PAYLOAD = 256 * 1024  # characters


class BoundState(rx.State):
    """Which session this tab's tree belongs to, and whether its page is a new one. Backend only: it is never sent."""

    _session: str = ""
    _anew: bool = False


class NoticeState(rx.State):
    """What the guard and the rooms have to say to a person: one line, read aloud politely.

    `done`: it is about something that was done, not about something that was not. `said` is new with each saying.
    `spent`: drafts of forms that were saved last. `ended`: the session of this tab is over; only pushed, never stored.
    """

    notice: str = ""
    done: bool = False
    said: str = ""
    spent: list[str] = []
    ended: bool = False


def notice_values(text: str, *, done: bool = False) -> dict[str, Any]:
    """{variable of `NoticeState`: value} that shows this text."""
    return {"notice": text, "done": done, "said": new_uid()}


async def actor_of(state: BaseState) -> Actor | None:
    """Who stands behind this event: always asked of the session registry, never of the state."""
    headers = state._get_root_state().router_data.get("headers", {})  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no public way
    return await services().sessions.actor_of_cookie(sessions.header(headers, "cookie"))


def tab_of(state: Any) -> str:
    """The token of the tab that this event came from; `state.router` builds four objects to say the same."""
    return state._get_root_state().router_data.get("token", "")  # noqa: SLF001 - as above


async def refuse_unread(token: str) -> None:
    """Answer what could not become an event at all (`live/intake.py`)."""
    await services().push.send(token, NoticeState, notice_values(_("This is not possible here.")))


class SessionGuard(rx.Middleware):
    """Runs before every handler, those of the framework included: each public method of a state can be called."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Any) -> StateUpdate | None:
        actor = await actor_of(state)
        root = state._get_root_state()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above
        await self._bind(root, actor)
        if actor is None:
            away = rx.redirect(login_address(_page_of(root)))
            return StateUpdate(events=Event.from_event_type(away))  # pyright: ignore[reportUnknownMemberType]
        services().hub.bind(tab_of(root), actor.session_uid)
        if event.name in OPENING:
            await self._open(root, anew=bool((_object(event.payload) or {}).get("hashes")))
        if (fits := FRAMEWORK_HANDLERS.get(event.name)) is not None:
            asked = _object(event.payload)
            return None if asked is not None and fits(asked) else await self._refuse(actor, event, None)
        handler = RegistrationContext.get().event_handlers[event.name].handler
        permission = permission_of(handler.fn)
        if actor.must_change_password or permission is None or not actor.may(permission.right):
            return await self._refuse(actor, event, permission)
        return None if _well_formed(handler.fn, event.payload) else await self._refuse(actor, event, permission)

    async def postprocess(self, app: rx.App, state: BaseState, event: Any, update: StateUpdate) -> StateUpdate:
        return update

    async def _bind(self, root: Any, actor: Actor | None) -> None:
        bound = await root.get_state(BoundState)
        session = actor.session_uid if actor else ""
        if bound._session == session:  # noqa: SLF001 - backend variables begin with _: never sent
            return
        if bound._session:  # noqa: SLF001 - as above
            # Another session took over this token, or it ended. Redis loads lazily: fetch all, then wipe.
            for cls in tuple(RegistrationContext.get().base_states.values()):
                await root.get_state(cls)
            root.reset()
        bound._session = session  # noqa: SLF001 - as above

    async def _open(self, root: Any, *, anew: bool) -> None:
        """A page that is opened anew does not repeat what another one said; one that reconnects keeps it (D-50).

        What tells them apart: only the first connection of a page still has the compiled values, whose hashes it sends.
        """
        (await root.get_state(BoundState))._anew = anew  # noqa: SLF001 - backend variables begin with _: never sent
        notice = await root.get_state(NoticeState)
        if anew and notice.notice:
            notice.notice = ""

    async def _refuse(self, actor: Actor, event: Any, permission: Permission | None) -> StateUpdate:
        """Unchanged and answered (D-17): a neutral text for the person, a counted line for the record."""
        handler = event.name.rpartition(".")[2][:64]
        first = await services().database.awrite(
            lambda uow: service.record_refusal(
                uow, "event", account=actor.account_uid, network=actor.network, subject=handler
            )
        )
        if first:  # the rest of the day is counted in the database: a flood of events is no flood of lines
            log.warning("event_refused", handler=handler, account=actor.account_uid, session=actor.session_uid)
        text = _("This is not possible here.")
        if event.name in REPORTS:
            text = _("A part of this page did not come. Open it again.")
        if permission is not None and permission.refusal is not None:
            state_name = event.name.rpartition(".")[0]
            variables = permission.refusal(_object(event.payload) or {}, text)
        else:
            state_name, variables = NoticeState.get_full_name(), notice_values(text)
        return StateUpdate(delta={state_name: {name + "_rx_state_": value for name, value in variables.items()}})


def _object(payload: Any) -> dict[str, Any] | None:
    """The payload, when it is a plain object."""
    return cast("dict[str, Any]", payload) if isinstance(payload, dict) else None


def _page_of(root: Any) -> str:
    """The path and query of the page that this tab shows, as it says itself."""
    address = urlsplit(str(root.router.url))
    return address.path + (f"?{address.query}" if address.query else "")


def _well_formed(handler: Any, payload: Any) -> bool:
    """The payload names exactly the handler's arguments, each a plain object, and is not too large."""
    asked = _object(payload)
    if asked is None or asked.keys() != _arguments(handler):
        return False
    return all(isinstance(value, dict) for value in asked.values()) and fits(asked, LARGEST_PAYLOAD)


@cache
def _arguments(handler: Any) -> set[str]:
    return set(inspect.signature(handler).parameters) - {"self"}
