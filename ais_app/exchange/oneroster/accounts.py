"""Bringing accounts: one login for each user with a role, one-time codes for new ones, roles up to date."""

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
from ais_app.access.rules import Role
from ais_app.db.columns import table
from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing, Place
from ais_app.exchange.oneroster.people import ENDED
from ais_app.exchange.oneroster.roster import GivenRole, is_enabled
from ais_app.exchange.slips import Slip

_account = table(Account)
_assignment = table(RoleAssignment)

_ACCOUNT, _BLOCKED = "account", "blocked"


@dataclass
class _Accounts:
    """What is here of the accounts of a set: accounts by uid and login, roles by uid and account.

    `ours` are the assignments that this source gave; `children` finds the students of a guardian.
    """

    importing: Importing
    places: Sequence[Place]
    by_uid: dict[str, Any] = field(default_factory=dict)
    by_login: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, Any] = field(default_factory=dict)
    held: dict[int, list[Any]] = field(default_factory=dict)
    ours: frozenset[str] = frozenset()
    children: dict[str, list[str]] = field(default_factory=dict)

    def read(self) -> None:
        for row in self.importing.uow.execute(select(_account)):
            self.by_uid[row.uid] = self.by_login[row.login] = row
        for row in self.importing.uow.execute(select(_assignment)):
            self.roles[row.uid] = row
            self.held.setdefault(row.account_id, []).append(row)
        self.ours = frozenset(
            uid
            for place in self.places
            for role in Role
            for uid in self.importing.known.of(_entity(role, place)).values()
        )
        for link in self.importing.roster.guardians:
            self.children.setdefault(link.guardian, []).append(link.student)

    def tracked(self, user: str) -> dict[tuple[Role, int], str]:
        """{(role, school id): assignment uid} of the roles that this source gave a user and did not end."""
        found = {
            (role, place.school.id): self.importing.known.of(_entity(role, place)).get(user, ENDED)
            for place in self.places
            for role in Role
        }
        return {key: uid for key, uid in found.items() if uid != ENDED}

    def track(self, uids: Mapping[tuple[str, Role, int], str]) -> None:
        """Keep which assignment a user has by this source: {(user, role, school id): uid}."""
        entities = {place.school.id: place for place in self.places}
        by_entity: dict[str, dict[str, str]] = {}
        for (user, role, school_id), uid in uids.items():
            by_entity.setdefault(_entity(role, entities[school_id]), {})[user] = uid
        for entity, of_users in by_entity.items():
            self.importing.known.remember(entity, of_users)

    def account(self, user: str, line: Line) -> Any:
        """The account of a user, or None. Our own export may find it by login where its person is here."""
        known = self.importing.known.of(_ACCOUNT).get(user, "")
        if known in self.by_uid:
            return self.by_uid[known]
        row = self.by_login.get(normalised_login(line["username"]))
        if row is None or not self.importing.roster.manifest.own:
            return None
        persons = {place.people[user].id for place in self.places if user in place.people and not place.is_new}
        return row if any(one.person_id in persons for one in self.held.get(row.id, ())) else None


def bring(importing: Importing, places: Sequence[Place]) -> None:
    """Open, block and bring up to date the accounts of all users; passwords of the file are never used."""
    at = _Accounts(importing, places)
    at.read()
    _count_blocked(at)
    new: dict[str, list[access.NewRole]] = {}
    for user, line in importing.roster["users"]:
        row = at.account(user, line)
        roles = _roles(importing, places, user)
        if row is not None:
            _update(at, user, line, row, roles)
        elif not roles or not is_enabled(line):
            importing.report.leave("accounts")
        elif normalised_login(line["username"]) in at.by_login:
            importing.problems.append(importing.roster["users"].problem(line, "username", codes.LOGIN_TAKEN))
        elif _may_be_given(importing, line):
            new[user] = roles
    _change_logins(at)
    if not importing.problems:
        _open(at, new)


def _may_be_given(importing: Importing, line: Line) -> bool:
    """Whether a new login is one that people can type; a problem of the set says which letter is wrong."""
    try:
        check_login(line["username"])
    except LoginRefused as refusal:
        importing.problems.append(
            importing.roster["users"].problem(line, "username", codes.LOGIN_REFUSED, why=str(refusal))
        )
        return False
    return True


def _count_blocked(at: _Accounts) -> None:
    """Count by school the accounts that may be used now and would be blocked by this set."""
    users = at.importing.roster["users"]
    rows = {user: at.account(user, line) for user, line in users}
    usable = {user for user, row in rows.items() if row is not None and row.blocked_at is None}
    for place in at.places:
        held = usable & place.people.keys()
        ended = sum(not is_enabled(users[user]) for user in held)
        at.importing.endings.count(place.org, place.name, "accounts", held=len(held), ended=ended)


def _roles(importing: Importing, places: Sequence[Place], user: str) -> list[access.NewRole]:
    """The roles that a user should have now, in every school of the set."""
    found = []
    for place in places:
        if user not in place.people:
            continue
        given = [one for one in importing.roster.roles.get(user, ()) if one.org == place.org]
        if user in place.leaders and not importing.roster.manifest.own:
            given.append(GivenRole(Role.CLASS_TEACHER, place.org))
        seen: set[Role] = set()
        for one in sorted(given, key=lambda one: one.role):
            days = _days(importing, place, one)
            if days is None:
                users = importing.roster["users"]
                over = {"role": one.role.value, "day": one.end or importing.today}
                importing.note_once(users, users[user], "", codes.ROLE_OVER, **over)
            if days is None or (one.role in seen and not importing.roster.manifest.own):
                continue
            seen.add(one.role)
            found.append(access.NewRole(one.role, place.school.id, place.people[user].id, *days))
    return found


def _days(importing: Importing, place: Place, given: GivenRole) -> tuple[date, date | None] | None:
    """[from, to) of a role; None when it is over. Dates of years that are past mean nothing."""
    start = place.year_start(importing.today)
    since = min(importing.today, start)
    if importing.roster.manifest.own:
        return given.begin or since, given.end
    last = max(year.last for year in place.years)
    if given.end is not None and start < given.end <= importing.today:
        return None
    begin = given.begin if given.begin is not None and importing.today < given.begin <= last else since
    end = given.end if given.end is not None and begin < given.end <= last else None
    return begin, end


def _open(at: _Accounts, new: Mapping[str, list[access.NewRole]]) -> None:
    importing, users = at.importing, at.importing.roster["users"]
    if not new:
        return
    codes = {user: passwords.new_code() for user in new}
    drafts = [
        (access.NewAccount(users[user]["username"], code_hash=passwords.hash_code(codes[user])), roles)
        for user, roles in new.items()
    ]
    refs = access.open_accounts(importing.uow, importing.actor, drafts)
    importing.known.remember(_ACCOUNT, {user: ref.uid for user, ref in zip(new, refs, strict=True)})
    _remember_roles(at, dict(zip(new, refs, strict=True)))
    importing.report.add("accounts", len(new))
    importing.report.codes += [_slip(at, user, codes[user], roles) for user, roles in new.items()]


def _remember_roles(at: _Accounts, refs: Mapping[str, access.AccountRef]) -> None:
    owners = {ref.id: user for user, ref in refs.items()}
    first, last = min(owners), max(owners)
    rows = at.importing.uow.execute(
        select(_assignment.c.account_id, _assignment.c.school_id, _assignment.c.role, _assignment.c.uid).where(
            _assignment.c.account_id.between(first, last)
        )
    )
    at.track({(owners[row.account_id], Role(row.role), row.school_id): row.uid for row in rows})


def _entity(role: Role, place: Place) -> str:
    return f"{role.value}@{place.school.uid}"


def _update(at: _Accounts, user: str, line: Line, row: Any, roles: Sequence[access.NewRole]) -> None:
    """Bring one account that is here up to date: its roles, and whether it may be used."""
    importing, ref = at.importing, access.AccountRef(row.id, row.uid)
    missing, kept = [], set[tuple[Role, int]]()
    for one in roles:
        held = next((held for held in at.held.get(row.id, ()) if _is(held, one, importing.today)), None)
        kept.add((one.role, one.school_id or 0))
        if held is None:
            missing.append(one)
    ended = [at.roles[uid] for key, uid in at.tracked(user).items() if key not in kept and uid in at.roles]
    changed = _change_roles(at, user, ref, missing, ended)
    changed |= _block(at, user, line, row, ref)
    if changed:
        importing.report.change("accounts")
    else:
        importing.report.leave("accounts")


def _is(held: Any, wanted: access.NewRole, today: date) -> bool:
    """Whether an assignment gives a wanted role: the same, and not over unless the wanted one is too."""
    same = (held.role, held.school_id, held.person_id) == (wanted.role.value, wanted.school_id, wanted.person_id)
    return same and (held.valid_to is None or held.valid_to > today or held.valid_to == wanted.valid_to)


def _change_roles(
    at: _Accounts, user: str, ref: access.AccountRef, missing: Sequence[access.NewRole], ended: Sequence[Any]
) -> bool:
    importing = at.importing
    if missing:
        uids = access.give_roles(importing.uow, importing.actor, [(ref, one) for one in missing])
        keys = [(user, one.role, one.school_id or 0) for one in missing]
        at.track(dict(zip(keys, uids, strict=True)))
    ends = [
        access.RoleEnd(row.uid, ref, Role(row.role), row.school_id, max(importing.today, row.valid_from))
        for row in ended
        if row.valid_to is None or row.valid_to > importing.today
    ]
    if ends:
        access.end_roles(importing.uow, importing.actor, ends)
    at.track({(user, Role(row.role), row.school_id): ENDED for row in ended})
    return bool(missing or ends)


def _block(at: _Accounts, user: str, line: Line, row: Any, ref: access.AccountRef) -> bool:
    """Block an account that the set disables, and let it in again when it was the set that blocked it.

    An account that also has roles from elsewhere is not this set's to block: it loses the roles of the set only.
    """
    importing = at.importing
    foreign = [one for one in at.held.get(row.id, ()) if one.uid not in at.ours and _holds(one, importing.today)]
    by_set = importing.known.of(_BLOCKED).get(user, ENDED) == row.uid
    sheet = importing.roster["users"]
    if not is_enabled(line) and row.blocked_at is None:
        if foreign:
            importing.report.notes.append(sheet.note(line, "enabledUser", codes.NOT_BLOCKED))
            return False
        access.block_accounts(importing.uow, importing.actor, [ref])
        importing.known.remember(_BLOCKED, {user: row.uid})
        return True
    if is_enabled(line) and row.blocked_at is not None:
        if not by_set:
            importing.report.notes.append(sheet.note(line, "enabledUser", codes.BLOCKED_HERE))
            return False
        access.unblock_accounts(importing.uow, importing.actor, [ref])
        importing.known.remember(_BLOCKED, {user: ENDED})
        return True
    return False


def _holds(row: Any, today: date) -> bool:
    return row.valid_from <= today and (row.valid_to is None or row.valid_to > today)


def _change_logins(at: _Accounts) -> None:
    """Logins that are others now; one that somebody else has is a problem, unless he gives it up in this set."""
    importing = at.importing
    changes: dict[str, tuple[access.AccountRef, str, str]] = {}
    for user, line in importing.roster["users"]:
        row = at.account(user, line)
        login = normalised_login(line["username"])
        if row is not None and is_enabled(line) and row.login != login and _may_be_given(importing, line):
            changes[user] = (access.AccountRef(row.id, row.uid), row.login, login)
    given_up = {before for _ref, before, _after in changes.values()}
    for user, (_ref, _before, after) in changes.items():
        if after in at.by_login and after not in given_up:
            line = importing.roster["users"][user]
            importing.problems.append(importing.roster["users"].problem(line, "username", codes.LOGIN_TAKEN))
    if changes and not importing.problems:
        access.change_logins(importing.uow, importing.actor, list(changes.values()))
        importing.report.change("logins", len(changes))


def _slip(at: _Accounts, user: str, code: str, roles: Sequence[access.NewRole]) -> Slip:
    """The slip of a new account: students and their guardians lie together by class."""
    users = at.importing.roster["users"]
    line = users[user]
    place = next(place for place in at.places if user in place.people)
    given = {one.role for one in roles}
    children = at.children.get(user, [])
    group, about = "", ""
    if Role.STUDENT in given:
        group = place.class_of.get(user, "")
    elif Role.GUARDIAN in given and children:
        group = place.class_of.get(children[0], "")
        about = ", ".join(f"{users[child]['familyName']} {users[child]['givenName']}" for child in children)
    return Slip(
        login=line["username"],
        code=code,
        name=f"{line['familyName']} {line['givenName']}",
        school=place.name,
        group=group,
        about=about,
        patronymic=line["middleName"],
    )
