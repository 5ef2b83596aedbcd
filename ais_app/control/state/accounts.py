"""State of the administrator's home: how many accounts, and what to look at."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ais_app.access.handling import allow
from ais_app.access.labels import role_name
from ais_app.control.queries import accounts
from ais_app.i18n import _, day_and_month, ngettext
from ais_app.rights.rules import Actor, Right, Role
from ais_app.services import services


@dataclass(frozen=True, slots=True)
class TaskItem:
    """Something to look at, and the command of the server that does it, when there is one."""

    title: str
    about: str
    command: str


class AccountsState(rx.State):
    """Sums over the accounts and what to look at; `shown` to administrators only."""

    shown: bool = False
    accounts: str = ""
    never: str = ""
    blocked: str = ""
    signed_in: str = ""
    tasks: list[TaskItem] = []

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        read = services().read
        sums = await read(actor, accounts.accounts)
        self.shown = sums is not None
        if sums is None:
            return
        self.accounts, self.never = str(sums.accounts), str(sums.never)
        self.blocked, self.signed_in = str(sums.blocked), str(sums.signed_in)
        refused = await read(actor, accounts.refused_sign_ins)
        self.tasks = [
            *([] if refused is None or not refused.attempts else [_refused(refused)]),
            *map(_ending, await read(actor, accounts.ending_roles)),
            *map(_without_sign_in, await read(actor, accounts.without_sign_in)),
        ]


def _refused(found: accounts.RefusedSignIns) -> TaskItem:
    attempts = ngettext(
        "{count} refused attempt to sign in in a week", "{count} refused attempts to sign in in a week", found.attempts
    )
    return TaskItem(attempts, ngettext("from {count} network", "from {count} networks", found.networks), "")


def _ending(found: accounts.EndingRole) -> TaskItem:
    title = _("A role ends: {login}").format(login=found.login)
    about = _("{role}, until {day}").format(role=role_name(Role(found.role)), day=day_and_month(found.until))
    return TaskItem(title, about, "")


def _without_sign_in(found: tuple[str, int]) -> TaskItem:
    name, count = found
    title = _("{name}: families who have not signed in yet").format(name=name)
    return TaskItem(
        title,
        ngettext("{count} account", "{count} accounts", count),
        f"ais user code --class {name} --slips {name}.pdf",
    )
