"""Undo of roles, blocks and logins, under the checks that a new operation would meet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.access import queries
from ais_app.access import service as access
from ais_app.access.errors import LoginTaken
from ais_app.access.kinds import KINDS
from ais_app.access.records import RECORDS
from ais_app.access.undoing import UNDOING as HOW
from ais_app.ledger.undoing import NoInverse
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Role, operator
from ais_app.undoing import UNDOING
from tests.unit.whole_record import record_faults

FROM = date(2026, 9, 1)


class Office:
    """A school with its administrator, who keeps its accounts."""

    def __init__(self, school: Any) -> None:
        self.school, self.write = school, school.database.write
        self.admin = school.actor("school_admin", Role.SCHOOL_ADMIN)

    def value(self, query: str, **values: Any) -> Any:
        return self.school.database.read(lambda one: one.execute(text(query), values).scalar_one_or_none())

    @property
    def last(self) -> str:
        return self.value("SELECT uid FROM operation ORDER BY id DESC LIMIT 1")

    def account(self, login: str) -> access.AccountRef:
        found = self.school.database.read(lambda one: one.execute(
            text("SELECT id, uid FROM account WHERE login = :login"), {"login": login}).one())  # fmt: skip
        return access.AccountRef(found.id, found.uid)

    def hats(self, login: str) -> set[str]:
        now = self.school.database.clock.now()
        return {
            hat.key.partition(":")[0] for hat in self.school.database.read(queries.hats, self.account(login).id, now)
        }

    def role(self, login: str, role: Role) -> access.NewRole:
        return access.NewRole(role, self.school.ref.id, self.school.people[login].id, FROM)

    def undo(self, uid: str, actor: Actor | None = None) -> str:
        return self.write(lambda uow: UNDOING.undo(uow, actor or self.admin, uid))

    def sign_in(self, login: str) -> None:
        self.write(lambda uow: access.sign_in(uow, access.SignIn(login, "127.0.0.1", f"token of {login}", False)))

    def is_signed_in(self, login: str) -> bool:
        query = "SELECT count(*) FROM login_session WHERE token_hash = :token AND ended_at IS NULL"
        return self.value(query, token=f"token of {login}") == 1


@pytest.fixture
def office(school, accounts_as_recorded) -> Office:
    return Office(school)


def test_every_kind_of_accounts_with_an_inverse_says_how_it_is_undone():
    assert set(HOW) == {kind.name for kind in KINDS if kind.inverse}


def test_a_role_that_was_given_goes_and_comes(office):
    given = [(office.account("secretary"), office.role("secretary", Role.DIRECTOR))]
    office.write(lambda uow: access.give_roles(uow, office.admin, given))
    done = office.last
    undone = office.undo(done)
    assert office.hats("secretary") == {"secretary"}
    office.undo(undone)
    assert office.hats("secretary") == {"secretary", "director"}
    office.undo(done)
    assert office.hats("secretary") == {"secretary"}


def test_a_role_that_was_ended_holds_again(office):
    uid = office.value(
        "SELECT role_assignment.uid FROM role_assignment JOIN account ON account.id = account_id WHERE login = 'secretary'"
    )
    end = access.RoleEnd(uid, office.account("secretary"), Role.SECRETARY, office.school.ref.id, date(2026, 11, 1))
    office.write(lambda uow: access.end_roles(uow, office.admin, [end]))
    done = office.last
    assert office.hats("secretary") == set()
    undone = office.undo(done)
    assert office.hats("secretary") == {"secretary"}
    office.sign_in("secretary")
    office.undo(undone)
    assert office.hats("secretary") == set()
    assert not office.is_signed_in("secretary")


def test_nobody_takes_or_gives_by_undo_what_he_could_not_give(office):
    account, role = office.account("secretary"), access.NewRole(Role.SYSTEM_ADMIN, None, None, FROM)
    office.write(lambda uow: access.give_roles(uow, operator(), [(account, role)]))
    given = office.last
    with pytest.raises(NotYours):
        office.undo(given)
    office.write(lambda uow: access.block_accounts(uow, operator(), [account]))
    for who in (office.admin, office.school.actor("deputy", Role.DEPUTY), office.school.teacher()):
        with pytest.raises(NotYours):
            office.undo(office.last, who)
    office.undo(office.last, operator())
    office.undo(given, operator())


def test_what_an_administrator_could_do_then_he_undoes_only_while_the_account_is_of_his_school_alone(office):
    account = office.account("secretary")
    office.write(lambda uow: access.block_accounts(uow, office.admin, [account]))
    blocked = office.last
    role = access.NewRole(Role.SYSTEM_ADMIN, None, None, FROM)
    office.write(lambda uow: access.give_roles(uow, operator(), [(account, role)]))
    with pytest.raises(NotYours):
        office.undo(blocked)


def test_a_block_is_undone_and_done_again(office):
    account = office.account("secretary")
    held = "SELECT blocked_at FROM account WHERE login = 'secretary'"
    office.write(lambda uow: access.block_accounts(uow, office.admin, [account]))
    undone = office.undo(office.last)
    assert office.value(held) is None
    office.sign_in("secretary")
    office.undo(undone)
    assert office.value(held) is not None
    assert not office.is_signed_in("secretary")
    office.write(lambda uow: access.unblock_accounts(uow, office.admin, [account]))
    office.undo(office.last)
    assert office.value(held) is not None


def test_logins_that_were_swapped_are_swapped_back(office):
    one, other = office.account("secretary"), office.account("former")
    changes = [(one, "secretary", "former"), (other, "former", "secretary")]
    office.write(lambda uow: access.change_logins(uow, office.admin, changes))
    undone = office.undo(office.last)
    assert (office.account("secretary"), office.account("former")) == (one, other)
    office.undo(undone)
    assert (office.account("secretary"), office.account("former")) == (other, one)


def test_a_login_that_somebody_else_has_now_does_not_come_back(office):
    office.write(
        lambda uow: access.change_logins(uow, office.admin, [(office.account("secretary"), "secretary", "sec")])
    )
    done = office.last
    office.write(
        lambda uow: access.change_logins(uow, office.admin, [(office.account("former"), "former", "secretary")])
    )
    with pytest.raises(LoginTaken):
        office.undo(done)


def test_secrets_are_not_undone_and_a_sentence_says_why(office):
    office.write(lambda uow: access.issue_codes(uow, office.admin, [(office.account("secretary"), "a" * 64)]))
    with pytest.raises(NoInverse, match="not kept"):
        office.undo(office.last)
    assert record_faults(office.school.database, RECORDS) == []
