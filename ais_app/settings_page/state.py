"""State of «Настройки школы»: what is shown, the opened setting, its form; and the live channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, said_in_place, say
from ais_app.access.page_address import address, address_in
from ais_app.access.page_state import Status, WithForms, asked_or_kept, watched_read
from ais_app.declared_settings import SETTINGS
from ais_app.i18n import _, day_and_month
from ais_app.live.bus import Change
from ais_app.live.changes import only_changes
from ais_app.live.hub import Delivery, Watcher
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.school_settings import service
from ais_app.school_settings.events import feed_of
from ais_app.school_settings.registry import Setting
from ais_app.services import services
from ais_app.settings_page import views
from ais_app.settings_page.payloads import Asked, Find, FutureValue, OfGroup, OfSetting, SettingForm, Tab, UsualForm
from ais_app.settings_page.views import EditorItem, GroupItem, OptionItem, SectionItem, StepItem, UsualItem
from ais_app.web.forms import Wrong

CHANNEL, PATH = "settings", "/settings"


@only_changes()
class SettingsState(WithForms, rx.State):
    """`asked`: what the address says; `near`: the setting most like what was sought in vain."""

    status: Status = "loading"
    groups: list[GroupItem] = []
    sections: list[SectionItem] = []
    total: str = ""
    changed_count: str = ""
    near: OptionItem = OptionItem("", "")
    editor: EditorItem = EditorItem()
    now: str = ""
    history: list[StepItem] = []
    usual: UsualItem = UsualItem()
    usual_written: str = ""
    asked: dict[str, str] = Asked().model_dump()

    @allow(Right.SEE_SETTINGS)
    async def open_page(self, actor: Actor):
        """Open the page: where the address says, else where this tab was."""
        asked = await asked_or_kept(self, Asked)
        await self._show(actor, asked or self._asked(), anew=asked is not None)

    @allow(Right.SEE_SETTINGS, OfGroup)
    async def choose_group(self, actor: Actor, chosen: OfGroup):
        await self._show(actor, self._asked(group=chosen.group, find="", changed=""))

    @allow(Right.SEE_SETTINGS, OfSetting)
    async def open_setting(self, actor: Actor, chosen: OfSetting):
        """Open a setting beside the list, or close it."""
        self.wrong = Wrong()
        await self._show(actor, self._asked(setting=chosen.setting, tab=""), anew=True)

    @allow(Right.SEE_SETTINGS, Tab)
    async def show_tab(self, actor: Actor, chosen: Tab):
        await self._show(actor, self._asked(tab=chosen.tab))

    @allow(Right.SEE_SETTINGS, Find)
    async def find(self, actor: Actor, sought: Find):
        await self._show(actor, self._asked(find=sought.value.strip()))

    @allow(Right.SEE_SETTINGS)
    async def only_changed(self, actor: Actor):
        """Show only what was changed, or everything again."""
        await self._show(actor, self._asked(changed="" if self.asked["changed"] else "yes"))

    @allow(Right.CHANGE_SETTINGS)
    async def take_usual(self, actor: Actor):
        """Put the usual value into the field: going back to it is a change like any other."""
        self.wrong = Wrong()
        usual = self.editor.usual_value
        self.editor = await services().read(actor, views.editor_of, self._asked(), usual)

    @allow(Right.CHANGE_SETTINGS, OfGroup)
    async def ask_usual(self, actor: Actor, chosen: OfGroup):
        """Show what taking the usual values of a group again would change."""
        self.wrong = Wrong()
        self.usual = await services().read(actor, views.usual_of, chosen.group)

    @allow(Right.CHANGE_SETTINGS, UsualForm)
    async def write_usual(self, actor: Actor, form: UsualForm):
        """Take the usual values of a group again."""
        chosen = [one for one in SETTINGS.values() if one.group.value == form.group]
        work = partial(service.take_usual, actor=actor, settings=chosen, reason=form.reason)
        written = await change(self, actor, work, form.group, form)
        if written:
            self.usual_written = written
            await self._show(actor, self._asked(), anew=True)
            await say(self, _("Written: the usual values of «{group}».").format(group=self.usual.title), done=True)

    @allow(Right.CHANGE_SETTINGS, SettingForm)
    async def save(self, actor: Actor, form: SettingForm):
        """Write a value from the chosen day on."""
        setting = await self._known(actor, form.setting)
        if setting is None:
            return
        since = await services().read(actor, views.since_of, form.since, form.day or "")
        new = service.NewValue(form.value or form.choice or "", since, form.reason)
        if not await change(self, actor, lambda uow: service.change(uow, actor, setting, new), form.setting, form):
            return
        await self._show(actor, self._asked(), anew=True)
        said = _("Written: {setting}.").format(setting=setting.words())
        if setting.dated:
            said = _("Written: {setting}, from {day}. Until the evening before it can be cancelled.").format(
                setting=setting.words(), day=day_and_month(since)
            )
        await say(self, said, done=True)

    @allow(Right.CHANGE_SETTINGS, FutureValue)
    async def cancel(self, actor: Actor, asked: FutureValue):
        """Cancel a value that does not hold yet."""
        setting = await self._known(actor, asked.setting)
        if setting is None:
            return
        day = date.fromisoformat(asked.day)
        if await change(self, actor, lambda uow: service.cancel(uow, actor, setting, day), asked.setting):
            await say(self, _("The change is cancelled. The operations keep both."), done=True)
        await self._show(actor, self._asked(), anew=True)

    async def _known(self, actor: Actor, key: str) -> Setting[Any] | None:
        """The declared setting; an unknown key is refused and counted like somebody else's."""
        if key not in SETTINGS:
            await change(self, actor, _refuse, key)
        return SETTINGS.get(key)

    def _asked(self, **changed: str) -> Asked:
        return address_in(urlencode(self.asked | changed), Asked)

    async def _show(self, actor: Actor, asked: Asked, *, anew: bool = False) -> None:
        """Show what is asked for; `anew`: the form too, which else stays as it is typed."""
        async with said_in_place(self):
            feed = feed_of(actor.hat.school_uid)
            watcher = Watcher(tab_of(self), actor.session_uid, CHANNEL, feed, asked.model_dump())
            made = await watched_read(watcher, services().read(actor, views.read, asked))
            if anew or self.editor.key != asked.setting:
                self.editor = await services().read(actor, views.editor_of, asked)
            for name, value in made.items():
                setattr(self, name, value)
            self.asked = asked.model_dump()
            self.address = address(PATH, asked)


def _refuse(_uow: Any) -> str:
    raise NotYours


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """The channel of the page: each open tab gets the values and the history anew, never the form that is typed."""
    deliveries: list[Delivery] = []
    for watcher in watchers:
        actor = await services().sessions.actor_of_session(watcher.session)
        variables: dict[str, Any] | None = None
        if actor is not None and actor.may(Right.SEE_SETTINGS) and watcher.feed == feed_of(actor.hat.school_uid):
            variables = await services().read(actor, _live, watcher.view)
        deliveries.append(Delivery(watcher, SettingsState, variables))
    return deliveries


def _live(reading: Reading, view: Any) -> dict[str, Any]:
    return views.read(reading, address_in(urlencode(dict(view)), Asked))
