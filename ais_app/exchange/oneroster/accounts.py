"""Importing accounts: one for each user with a role, one-time codes for new ones, roles brought up to date.

Our own export lists accounts by themselves (`own_accounts`): several of one person, one of several persons, blocked
ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.access.errors import LoginRefused
from ais_app.access.logins import check_login, normalised_login
from ais_app.access.models import Account, RoleAssignment
from ais_app.db.columns import table
from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes, own_accounts
from ais_app.exchange.oneroster.context import Importing, TargetSchool, WantedAccount, WantedRole
from ais_app.exchange.oneroster.people import ENDED
from ais_app.exchange.oneroster.roster import GivenRole, is_enabled
from ais_app.exchange.slips import Slip
from ais_app.rights.rules import Role

_account = table(Account)
_assignment = table(RoleAssignment)

_ACCOUNT, _BLOCKED = "account", "blocked"


@dataclass
class _Accounts:
    """What the database holds: accounts by uid and login, role assignments by uid (`roles`) and account id (`held`).

    `given`: {user or role of the set: uid of the assignment that this source gave}; `ours`: these uids. `children`:
    {guardian: his students}.
    """

    importing: Importing
    targets: Sequence[TargetSchool]
    by_uid: dict[str, Any] = field(default_factory=dict)
    by_login: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, Any] = field(default_factory=dict)
    held: dict[int, list[Any]] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    ours: frozenset[str] = frozenset()
    children: dict[str, list[str]] = field(default_factory=dict)

    def read(self) -> None:
        for row in self.importing.uow.execute(select(_account)):
            self.by_uid[row.uid] = self.by_login[row.login] = row
        for row in self.importing.uow.execute(select(_assignment)):
            self.roles[row.uid] = row
            self.held.setdefault(row.account_id, []).append(row)
        for target in self.targets:
            for role in Role:
                self.given |= self.importing.ids.of(_entity(role, target))
        self.ours = frozenset(
            uid
            for target in self.targets
            for role in Role
            for uid in self.importing.ids.of(_entity(role, target)).values()
        )
        for link in self.importing.roster.guardians:
            self.children.setdefault(link.guardian, []).append(link.student)

    def tracked(self, user: str) -> dict[tuple[Role, int], str]:
        """{(role, school id): assignment uid} of the roles that this source gave a user and did not end."""
        given = {
            (role, target.school.id): self.importing.ids.of(_entity(role, target)).get(user, ENDED)
            for target in self.targets
            for role in Role
        }
        return {key: uid for key, uid in given.items() if uid != ENDED}

    def track(self, uids: Mapping[tuple[str, Role, int], str]) -> None:
        """Remember the assignments that this source gave: {(user, role, school id): uid}.

        For our own export the first is not the user but the id of the role.
        """
        entities = {target.school.id: target for target in self.targets}
        by_entity: dict[str, dict[str, str]] = {}
        for (user, role, school_id), uid in uids.items():
            by_entity.setdefault(_entity(role, entities[school_id]), {})[user] = uid
            if self.importing.roster.manifest.own:
                self.importing.names[user] = uid
        for entity, of_users in by_entity.items():
            self.importing.ids.remember(entity, of_users)

    def account(self, wanted: WantedAccount) -> Any:
        """The row of the wanted account, or None. For our own export also by uid, if it has a role of its persons."""
        known = self.importing.ids.of(_ACCOUNT).get(wanted.key, "")
        if known in self.by_uid:
            return self.by_uid[known]
        row = self.by_uid.get(wanted.key)
        if row is None or not self.importing.roster.manifest.own:
            return None
        persons = {one.new.person_id for one in wanted.roles}
        return row if any(one.person_id in persons for one in self.held.get(row.id, ())) else None


def bring(importing: Importing, targets: Sequence[TargetSchool]) -> None:
    """Open, block and update the accounts of all users; passwords of the set are never used."""
    at = _Accounts(importing, targets)
    at.read()
    wanted = own_accounts.wanted(importing, targets) if importing.roster.manifest.own else _wanted(importing, targets)
    _count_blocked(at, wanted)
    new: list[WantedAccount] = []
    for one in wanted:
        row = at.account(one)
        if row is not None:
            _update(at, one, row)
        elif not one.opens:
            importing.report.leave("accounts")
        elif normalised_login(one.login) in at.by_login:
            importing.problems.append(importing.roster["users"].problem(one.line, "username", codes.LOGIN_TAKEN))
        elif _may_be_given(importing, one):
            new.append(one)
    _change_logins(at, wanted)
    if not importing.problems:
        _open(at, new)


def _may_be_given(importing: Importing, wanted: WantedAccount) -> bool:
    """Whether a login may be given; if not, a problem says why."""
    try:
        check_login(wanted.login)
    except LoginRefused as refusal:
        users = importing.roster["users"]
        importing.problems.append(users.problem(wanted.line, "username", codes.LOGIN_REFUSED, why=str(refusal)))
        return False
    return True


def _count_blocked(at: _Accounts, wanted: Sequence[WantedAccount]) -> None:
    """Count by school the accounts that may be used now and would be blocked by this set."""
    rows = [(one, at.account(one)) for one in wanted]
    usable = [(one.user, one.enabled) for one, row in rows if row is not None and row.blocked_at is None]
    for target in at.targets:
        of_school = [enabled for user, enabled in usable if user in target.people]
        ended = of_school.count(False)
        at.importing.endings.count(target.org, target.name, "accounts", held=len(of_school), ended=ended)


def _wanted(importing: Importing, targets: Sequence[TargetSchool]) -> list[WantedAccount]:
    """One account for each user of a set of another system."""
    accounts = []
    for user, line in importing.roster["users"]:
        roles = [WantedRole(one) for one in _roles(importing, targets, user)]
        enabled = is_enabled(line)
        wanted = WantedAccount(user, user, line, line["username"], enabled, bool(roles) and enabled, roles)
        accounts.append(wanted)
    return accounts


def _roles(importing: Importing, targets: Sequence[TargetSchool], user: str) -> list[access.NewRole]:
    """The roles that a user should have now, in every school of the set."""
    roles = []
    for target in targets:
        if user not in target.people:
            continue
        given = [one for one in importing.roster.roles.get(user, ()) if one.org == target.org]
        if user in target.leaders:
            given.append(GivenRole(Role.CLASS_TEACHER, target.org))
        seen: set[Role] = set()
        for one in sorted(given, key=lambda one: one.role):
            days = _days(importing, target, one)
            if days is None:
                users = importing.roster["users"]
                over = {"role": one.role.value, "day": one.end or importing.today}
                importing.note_once(users, users[user], "", codes.ROLE_OVER, **over)
            if days is None or one.role in seen:
                continue
            seen.add(one.role)
            roles.append(access.NewRole(one.role, target.school.id, target.people[user].id, *days))
    return roles


def _days(importing: Importing, target: TargetSchool, given: GivenRole) -> tuple[date, date | None] | None:
    """[from, to) of a role; None when it is over. Dates outside the years of the import are ignored."""
    start = target.year_start(importing.today)
    since = min(importing.today, start)
    last = max(year.last for year in target.years)
    if given.end is not None and start < given.end <= importing.today:
        return None
    begin = given.begin if given.begin is not None and importing.today < given.begin <= last else since
    end = given.end if given.end is not None and begin < given.end <= last else None
    return begin, end


def _open(at: _Accounts, new: Sequence[WantedAccount]) -> None:
    importing = at.importing
    if not new:
        return
    codes = {one.key: passwords.new_code() for one in new}
    drafts = [
        (access.NewAccount(one.login, code_hash=passwords.hash_code(codes[one.key])), [role.new for role in one.roles])
        for one in new
    ]
    refs = access.open_accounts(importing.uow, importing.actor, drafts)
    uids = {one.key: ref.uid for one, ref in zip(new, refs, strict=True)}
    importing.ids.remember(_ACCOUNT, uids)
    importing.names |= uids
    _remember_roles(at, list(zip(new, refs, strict=True)))
    blocked = {one.key: ref for one, ref in zip(new, refs, strict=True) if not one.enabled}
    if blocked:  # as they were where they come from: their codes are given to nobody
        access.block_accounts(importing.uow, importing.actor, list(blocked.values()))
        importing.ids.remember(_BLOCKED, {key: ref.uid for key, ref in blocked.items()})
    importing.report.add("accounts", len(new))
    importing.report.codes += [_slip(at, one, codes[one.key]) for one in new if one.enabled]


def _remember_roles(at: _Accounts, opened: Sequence[tuple[WantedAccount, access.AccountRef]]) -> None:
    """Remember the assignments of the new accounts, whose ids are in the order in which the roles were wanted."""
    ids = [ref.id for _one, ref in opened]
    given: dict[int, list[Any]] = {}
    rows = at.importing.uow.execute(
        select(_assignment.c.account_id, _assignment.c.school_id, _assignment.c.role, _assignment.c.uid)
        .where(_assignment.c.account_id.between(min(ids), max(ids)))
        .order_by(_assignment.c.id)
    )
    for row in rows:
        given.setdefault(row.account_id, []).append(row)
    at.track(
        {
            (role.key or one.key, Role(row.role), row.school_id): row.uid
            for one, ref in opened
            for role, row in zip(one.roles, given.get(ref.id, ()), strict=True)
        }
    )


def _entity(role: Role, target: TargetSchool) -> str:
    return f"{role.value}@{target.school.uid}"


def _update(at: _Accounts, wanted: WantedAccount, row: Any) -> None:
    """Update an account that exists: its roles, and whether it is blocked."""
    importing, ref = at.importing, access.AccountRef(row.id, row.uid)
    importing.names[wanted.key] = row.uid
    own = importing.roster.manifest.own
    missing, ended = own_accounts.compared(at, wanted, row) if own else _compared(at, wanted, row)
    changed = _change_roles(at, wanted, ref, missing, ended)
    changed |= _block(at, wanted, row, ref)
    if changed:
        importing.report.change("accounts")
    else:
        importing.report.leave("accounts")


def _compared(at: _Accounts, wanted: WantedAccount, row: Any) -> tuple[list[WantedRole], list[tuple[Any, date]]]:
    """(roles that an account lacks, [(assignment that this source gave and the set lacks, day of its end)])."""
    today = at.importing.today
    missing, kept = [], set[tuple[Role, int]]()
    for one in wanted.roles:
        kept.add((one.new.role, one.new.school_id or 0))
        if not any(_is(held, one.new, today) for held in at.held.get(row.id, ())):
            missing.append(one)
    gone = {key: uid for key, uid in at.tracked(wanted.key).items() if key not in kept}
    at.track(dict.fromkeys(((wanted.key, *key) for key in gone), ENDED))
    ended = [at.roles[uid] for uid in gone.values() if uid in at.roles]
    return missing, [
        (held, max(today, held.valid_from)) for held in ended if held.valid_to is None or held.valid_to > today
    ]


def _is(held: Any, wanted: access.NewRole, today: date) -> bool:
    """Whether an assignment gives a wanted role: the same, and not over unless the wanted one is too."""
    same = (held.role, held.school_id, held.person_id) == (wanted.role.value, wanted.school_id, wanted.person_id)
    return same and (held.valid_to is None or held.valid_to > today or held.valid_to == wanted.valid_to)


def _change_roles(
    at: _Accounts,
    wanted: WantedAccount,
    ref: access.AccountRef,
    missing: Sequence[WantedRole],
    ended: Sequence[tuple[Any, date]],
) -> bool:
    importing = at.importing
    if missing:
        uids = access.give_roles(importing.uow, importing.actor, [(ref, one.new) for one in missing])
        keys = [(one.key or wanted.key, one.new.role, one.new.school_id or 0) for one in missing]
        at.track(dict(zip(keys, uids, strict=True)))
    if ended:
        ends = [access.RoleEnd(row.uid, ref, Role(row.role), row.school_id, day) for row, day in ended]
        access.end_roles(importing.uow, importing.actor, ends)
    return bool(missing or ended)


def _block(at: _Accounts, wanted: WantedAccount, row: Any, ref: access.AccountRef) -> bool:
    """Block an account that the set disables, and unblock it when this source had blocked it; returns whether it did.

    An account with a role that this source did not give is not blocked: it only loses the roles of the set.
    """
    importing, key, line = at.importing, wanted.key, wanted.line
    foreign = [one for one in at.held.get(row.id, ()) if one.uid not in at.ours and _holds(one, importing.today)]
    by_set = importing.ids.of(_BLOCKED).get(key, ENDED) == row.uid
    sheet = importing.roster["users"]
    if not wanted.enabled and row.blocked_at is None:
        if foreign:
            importing.report.notes.append(sheet.note(line, "enabledUser", codes.NOT_BLOCKED))
            return False
        access.block_accounts(importing.uow, importing.actor, [ref])
        importing.ids.remember(_BLOCKED, {key: row.uid})
        return True
    if wanted.enabled and row.blocked_at is not None:
        if not by_set:
            importing.report.notes.append(sheet.note(line, "enabledUser", codes.BLOCKED_HERE))
            return False
        access.unblock_accounts(importing.uow, importing.actor, [ref])
        importing.ids.remember(_BLOCKED, {key: ENDED})
        return True
    return False


def _holds(row: Any, today: date) -> bool:
    return row.valid_from <= today and (row.valid_to is None or row.valid_to > today)


def _change_logins(at: _Accounts, wanted: Sequence[WantedAccount]) -> None:
    """Change logins that differ in the set; one that another account has and keeps is a problem."""
    importing = at.importing
    changes: dict[str, tuple[access.AccountRef, str, str]] = {}
    lines: dict[str, Line] = {}
    for one in wanted:
        row = at.account(one)
        login = normalised_login(one.login)
        if row is not None and one.enabled and row.login != login and _may_be_given(at.importing, one):
            changes[one.key] = (access.AccountRef(row.id, row.uid), row.login, login)
            lines[one.key] = one.line
    given_up = {before for _ref, before, _after in changes.values()}
    for key, (_ref, _before, after) in changes.items():
        if after in at.by_login and after not in given_up:
            problem = importing.roster["users"].problem(lines[key], "username", codes.LOGIN_TAKEN)
            importing.problems.append(problem)
    if changes and not importing.problems:
        access.change_logins(importing.uow, importing.actor, list(changes.values()))
        importing.report.change("logins", len(changes))


def _slip(at: _Accounts, wanted: WantedAccount, code: str) -> Slip:
    """The slip of a new account: under its class for a student, under the first child's for a guardian."""
    users, user, line = at.importing.roster["users"], wanted.user, wanted.line
    target = next(target for target in at.targets if user in target.people)
    given = {one.new.role for one in wanted.roles}
    children = at.children.get(user, [])
    group, about = "", ""
    if Role.STUDENT in given:
        group = target.class_of.get(user, "")
    elif Role.GUARDIAN in given and children:
        group = target.class_of.get(children[0], "")
        about = ", ".join(f"{users[child]['familyName']} {users[child]['givenName']}" for child in children)
    return Slip(
        login=wanted.login,
        code=code,
        name=f"{line['familyName']} {line['givenName']}",
        school=target.name,
        group=group,
        about=about,
        patronymic=line["middleName"],
    )
