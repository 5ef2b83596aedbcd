"""The guard runs before every event: binds the tab's state to the session, refuses what no permission allows."""

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

from ais_app import log_ids
from ais_app.access import service, sessions
from ais_app.access.addresses import login_address
from ais_app.access.payload import fits
from ais_app.access.policy import FRAMEWORK_HANDLERS, OPENING, REPORTS, Permission, permission_of
from ais_app.db.columns import new_uid
from ais_app.i18n import _
from ais_app.live.followed import refused
from ais_app.rights.rules import Actor
from ais_app.services import services

log = structlog.get_logger("guard")
LARGEST_PAYLOAD = 256 * 1024  # characters


class BoundState(rx.State):
    """To which session this tab's state tree belongs, and whether its page was opened anew. Never sent to a browser."""

    _session: str = ""
    _anew: bool = False


class NoticeState(rx.State):
    """A notice to the person: one sentence, which screen readers read aloud politely.

    `done`: it tells of something that was done, not of something that failed. `said`: a new uid for each notice.
    `spent`: uids of the drafts of the forms saved last. `ended`: this tab's session is over; pushed, never stored.
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
    """The actor of this event or None: by the cookie of its socket, from the session registry, never from the state."""
    headers = state._get_root_state().router_data.get("headers", {})  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no public way
    return await services().sessions.actor_of_cookie(sessions.header(headers, "cookie"))


def tab_of(state: Any) -> str:
    """The token of the tab that this event came from; `state.router` would build four objects to tell it."""
    return state._get_root_state().router_data.get("token", "")  # noqa: SLF001 - as above


async def refuse_unread(token: str) -> None:
    """Show the tab of `token` the notice that its message was refused before it was an event (`live/intake.py`)."""
    await services().push.send(token, NoticeState, notice_values(_("This is not possible here.")))


class SessionGuard(rx.Middleware):
    """Runs before every handler, those of the framework included: each public method of a state can be called."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Any) -> StateUpdate | None:
        actor = await actor_of(state)
        root = state._get_root_state()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above
        await self._bind(root, actor)
        if actor is not None:
            log_ids.begin(session=actor.session_uid)  # until the event is over
        if actor is None:
            away = rx.redirect(login_address(_page_of(root)))
            return StateUpdate(events=Event.from_event_type(away))  # pyright: ignore[reportUnknownMemberType]
        services().hub.bind(tab_of(root), actor.session_uid)
        if event.name in OPENING:
            await self._open(root, anew=bool((_object(event.payload) or {}).get("hashes")))
        if (is_expected := FRAMEWORK_HANDLERS.get(event.name)) is not None:
            payload = _object(event.payload)
            return None if payload is not None and is_expected(payload) else await self._refuse(actor, event, None)
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
        """Remember whether the page is opened `anew`; then the notice of the page before is cleared (D-50).

        A page sends the hashes of its compiled values with its first connection only, not when it reconnects.
        """
        (await root.get_state(BoundState))._anew = anew  # noqa: SLF001 - backend variables begin with _: never sent
        notice = await root.get_state(NoticeState)
        if anew and notice.notice:
            notice.notice = ""

    async def _refuse(self, actor: Actor, event: Any, permission: Permission | None) -> StateUpdate:
        """Answer an event without running it (D-17): a neutral text for the person, and count it by its handler."""
        handler = event.name.rpartition(".")[2][:64]
        refused()
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
    """Whether the payload names exactly the handler's arguments, each a plain object, and is not too large."""
    values = _object(payload)
    if values is None or values.keys() != _arguments(handler):
        return False
    return all(isinstance(value, dict) for value in values.values()) and fits(values, LARGEST_PAYLOAD)


@cache
def _arguments(handler: Any) -> set[str]:
    return set(inspect.signature(handler).parameters) - {"self"}
