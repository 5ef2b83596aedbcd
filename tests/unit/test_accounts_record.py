"""Accounts and roles are the record: each change is an item that says all of it, and what was changed past it is named."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import text

from ais_app.access import kinds, passwords, queries, service
from ais_app.access.records import ACCOUNT, ROLE
from ais_app.kinds import KINDS
from ais_app.ledger import folding
from ais_app.ledger.queries import history
from ais_app.ledger.service import INSTALLATION
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role, operator
from tests.builders import CODE, PASSWORD
from tests.servers import ROOT
from tests.unit.signing_in import HOME, checked, signed_in
from tests.unit.tampering import tamper

DAY = date(2026, 11, 23)
ADD_ROLE = (
    "INSERT INTO role_assignment (uid, account_id, role, valid_from) "
    "SELECT 'added', id, 'system_admin', '2026-09-01' FROM account WHERE login = 'anna'"
)


def faults(school) -> str:
    return "\n".join(
        str(fault)
        for record in (ACCOUNT, ROLE)
        for fault in school.database.read(lambda one, record=record: list(folding.faults(one, record)))
    )


def account(school, login: str) -> service.AccountRef:
    found = school.database.read(queries.credentials, login)
    return service.AccountRef(found.account_id, found.account_uid)


def steps(school, entity: str, subject: str) -> list[tuple]:
    """(kind, before, after) of a row, the first first."""
    found = school.database.read(history, INSTALLATION, entity, subject)
    return [(one.kind, one.before, one.after) for one in reversed(found)]


def role_uid(school, login: str) -> str:
    query = "SELECT r.uid FROM role_assignment r JOIN account a ON a.id = r.account_id WHERE a.login = :login"
    return school.database.read(lambda one: one.execute(text(query), {"login": login}).scalars().first())


def new_teacher(school, login: str = "arrived") -> service.AccountRef:
    role = service.NewRole(Role.TEACHER, school.ref.id, school.people["former"].id, DAY)
    new = service.NewAccount(login, code_hash=passwords.hash_code(CODE))
    school.database.write(lambda uow: service.open_account(uow, operator(), new, [role]))
    return account(school, login)


def test_an_opened_account_is_all_there_with_its_roles(school):
    ref = new_teacher(school)
    ((kind, before, after),) = steps(school, "account", ref.uid)
    assert (kind, before) == ("account_opened", None)
    assert (after["login"], after.keys()) == ("arrived", {"login", "created_at"})
    ((kind, before, after),) = steps(school, "role_assignment", role_uid(school, "arrived"))
    assert (kind, before) == ("account_opened", None)
    person = school.people["former"].uid
    assert after == {
        "account": ref.uid,
        "role": "teacher",
        "school": school.ref.uid,
        "person": person,
        "valid_from": "2026-11-23",
    }
    assert faults(school) == ""


def test_the_ledger_holds_no_login_in_its_chain(school):
    ref = new_teacher(school)
    canonical = "SELECT count(*) FROM operation WHERE canonical LIKE '%arrived%'"
    assert school.database.read(lambda one: one.execute(text(canonical)).scalar_one()) == 0
    assert steps(school, "account", ref.uid)


def test_roles_are_given_and_ended_by_their_rows(school):
    ref = account(school, "teacher")
    role = service.NewRole(Role.DEPUTY, school.ref.id, school.people["teacher"].id, DAY)
    (uid,) = school.database.write(lambda uow: service.give_roles(uow, operator(), [(ref, role)]))
    end = service.RoleEnd(uid, ref, Role.DEPUTY, school.ref.id, date(2026, 12, 1))
    school.database.write(lambda uow: service.end_roles(uow, operator(), [end]))
    given, ended = steps(school, "role_assignment", uid)
    assert (given[0], given[1], given[2]["role"]) == ("roles_given", None, "deputy")
    assert ended == ("roles_ended", {"valid_to": None}, {"valid_to": "2026-12-01"})
    assert faults(school) == ""


@pytest.mark.parametrize("wrong", ["uid", "role", "school"])
def test_a_role_is_ended_only_as_what_it_is(school, wrong):
    """The right is checked for the role and school that the caller names: they must be those of the row."""
    uid = role_uid(school, "deputy")
    end = service.RoleEnd(
        "nosuchassignment" if wrong == "uid" else uid,
        account(school, "deputy"),
        Role.TEACHER if wrong == "role" else Role.DEPUTY,
        school.ref.id + 1 if wrong == "school" else school.ref.id,
        DAY,
    )
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.end_roles(uow, operator(), [end]))


def test_blocking_says_since_when(school):
    ref = account(school, "anna")
    school.database.write(lambda uow: service.block_accounts(uow, operator(), [ref]))
    assert "blocked" not in faults(school)
    school.database.write(lambda uow: service.unblock_accounts(uow, operator(), [ref]))
    *_opened, blocked, unblocked = steps(school, "account", ref.uid)
    moment = "2026-11-23T09:00:00.000000+00:00"
    assert blocked == ("accounts_blocked", {"blocked_at": None}, {"blocked_at": moment})
    assert unblocked == ("accounts_unblocked", {"blocked_at": moment}, {"blocked_at": None})
    assert faults(school) == ""


def test_two_people_swap_their_logins_and_the_items_say_only_that(school):
    anna, boris = account(school, "anna"), account(school, "boris")
    swap = [(anna, "anna", "boris"), (boris, "boris", "anna")]
    school.database.write(lambda uow: service.change_logins(uow, operator(), swap))
    assert account(school, "anna") == boris
    assert steps(school, "account", anna.uid)[-1] == ("logins_changed", {"login": "anna"}, {"login": "boris"})
    assert steps(school, "account", boris.uid)[-1] == ("logins_changed", {"login": "boris"}, {"login": "anna"})
    assert faults(school) == ""


def test_a_new_secret_is_told_without_being_a_change_of_the_account(school):
    ref = account(school, "mother")
    before = len(steps(school, "account", ref.uid))
    actor = signed_in(school, "mother")
    attempt = service.attempt_while_signed_in(service.Purpose.PRESENT_PASSWORD, actor.account_uid, HOME)
    change = service.PasswordChange("new-hash", checked(school, "mother", PASSWORD), attempt)
    school.database.write(lambda uow: service.change_password(uow, actor, change, "a" * 64))
    codes = [(ref, passwords.hash_code(CODE))]
    school.database.write(lambda uow: service.issue_codes(uow, operator(), codes))
    assert steps(school, "credential", ref.uid) == [
        ("password_changed", None, {"kind": "password"}),
        ("codes_issued", None, {"kind": "code"}),
    ]
    assert len(steps(school, "account", ref.uid)) == before
    assert faults(school) == ""


def test_what_one_does_at_the_own_account_carries_the_session(school):
    actor = signed_in(school, "mother")
    school.database.write(lambda uow: service.sign_out_elsewhere(uow, actor))
    school.database.write(lambda uow: service.sign_out(uow, actor))
    query = "SELECT kind, account, session, hat FROM operation WHERE chain_id = 'installation' ORDER BY sequence DESC"
    rows = school.database.read(lambda one: one.execute(text(query)).all())[:3]
    assert [row.kind for row in reversed(rows)] == ["signed_in", "signed_out_elsewhere", "signed_out"]
    assert {(row.account, row.session, row.hat) for row in rows} == {
        (actor.account_uid, actor.session_uid, actor.hat.key)
    }


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            ADD_ROLE,
            "role_assignment added: is in no operation",
        ),
        (
            "UPDATE role_assignment SET valid_to = NULL WHERE uid = '{role}'",
            "role_assignment {role}: «Before» is empty, operation {op} says «2026-12-01»",
        ),
        (
            "UPDATE role_assignment SET role = 'director' WHERE uid = '{role}'",
            "role_assignment {role}: «Role» is «director», operation",
        ),
        ("UPDATE account SET login = 'other' WHERE uid = '{account}'", "account {account}: «Login» is another one"),
        (
            "UPDATE account SET blocked_at = NULL WHERE uid = '{account}'",
            "account {account}: «Blocked» is empty, operation",
        ),
        ("DELETE FROM role_assignment WHERE uid = '{role}'", "role_assignment {role}: is missing, operation {op}"),
    ],
    ids=["role added", "role's end removed", "role changed", "login changed", "account unblocked", "role deleted"],
)
def test_s69_what_of_accounts_was_changed_past_the_ledger_is_named(school, statement, said):
    ref = new_teacher(school)
    uid = role_uid(school, "arrived")
    end = service.RoleEnd(uid, ref, Role.TEACHER, school.ref.id, date(2026, 12, 1))
    school.database.write(lambda uow: service.end_roles(uow, operator(), [end]))
    school.database.write(lambda uow: service.block_accounts(uow, operator(), [ref]))
    assert faults(school) == ""
    last = school.database.read(history, INSTALLATION, "role_assignment", uid)[0].operation
    tamper(school.database, statement.format(role=uid, account=ref.uid))
    found = faults(school)
    assert said.format(role=uid, account=ref.uid, op=last) in found
    assert len(found.splitlines()) == 1


def test_kinds_of_accounts_are_declared_and_nothing_is_appended_past_an_operation():
    assert {one.name for one in kinds.KINDS} <= KINDS.keys()
    assert KINDS["accounts_blocked"].inverse == "accounts_unblocked"
    assert KINDS["roles_given"].inverse == "roles_ended"
    appending = re.compile(r"ledger\.append|append_entry|\bItem\(")
    for room in ("access", "accounts", "control"):
        for path in (ROOT / "ais_app" / room).rglob("*.py"):
            assert not appending.search(path.read_text(encoding="utf-8")), path
