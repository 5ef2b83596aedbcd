"""When a session ends, and what a sign-in and a change of the password begin and end."""

from __future__ import annotations

import ast
from datetime import timedelta

import pytest

from ais_app.access import queries, service
from ais_app.access.errors import SignInAgain
from ais_app.access.sessions import SessionRegistry
from ais_app.rights.errors import NotYours
from tests.builders import PASSWORD
from tests.servers import ROOT
from tests.unit.signing_in import HOME, checked, signed_in

pytestmark = pytest.mark.usefixtures("accounts_as_recorded")


def test_s22_two_changes_of_a_password_that_were_checked_together_are_one(school):
    actor = signed_in(school, "mother")
    attempt = service.attempt_while_signed_in(service.Purpose.PRESENT_PASSWORD, actor.account_uid, HOME)
    both = [service.PasswordChange(new, checked(school, "mother", PASSWORD), attempt) for new in ("one", "two")]
    school.database.write(lambda uow: service.change_password(uow, actor, both[0], "a" * 64))
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.change_password(uow, actor, both[1], "b" * 64))
    again = school.database.read(queries.live_session, queries.by_token("a" * 64), school.database.clock.now()).actor
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.change_password(uow, again, both[1], "c" * 64))


def test_s20_an_account_that_is_blocked_while_it_signs_in_gets_no_session(school):
    """The lock of the chain comes before the reading: on PostgreSQL nobody is blocked between the two."""
    for source in ("sign_in", "change_hat", "sign_out_elsewhere", "change_password"):
        body = next(
            node
            for node in ast.parse((ROOT / "ais_app/access/service/signing_in.py").read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef) and node.name == source
        ).body
        first = ast.unparse(body[1])  # after the docstring
        assert first.startswith(("ledger.lock(uow, ledger.INSTALLATION)", "with _own(uow, actor, ")), source


LIMITS = [
    ("mother", True, timedelta(days=30), timedelta(days=180)),
    ("teacher", True, timedelta(hours=12), timedelta(days=30)),
    ("mother", False, timedelta(minutes=30), timedelta(hours=12)),
    ("teacher", False, timedelta(minutes=30), timedelta(hours=12)),
]


def is_live(school, token: str = "t" * 64) -> bool:
    where = queries.by_token(token)
    return school.database.read(queries.live_session, where, school.database.clock.now()) is not None


@pytest.mark.parametrize(("login", "personal", "idle", "_absolute"), LIMITS)
def test_a_session_ends_when_it_is_not_used(school, clock, login, personal, idle, _absolute):
    signed_in(school, login, personal=personal)
    clock.advance(seconds=idle.total_seconds())
    assert is_live(school)
    clock.advance(seconds=1)
    assert not is_live(school)


@pytest.mark.parametrize(("login", "personal", "idle", "absolute"), LIMITS)
def test_a_session_ends_however_much_it_is_used(school, clock, login, personal, idle, absolute):
    actor, begun = signed_in(school, login, personal=personal), clock.now()
    step = idle * 0.9
    while clock.now() + step < begun + absolute:
        clock.advance(seconds=step.total_seconds())
        assert is_live(school)
        school.database.write(lambda uow: service.touch_session(uow, actor.session_uid))
    clock.advance(seconds=(begun + absolute - clock.now()).total_seconds())
    assert not is_live(school)
    assert school.read(queries.open_sessions, actor, clock.now()) == []


def test_a_change_of_the_hat_lives_on_from_the_same_sign_in(school, clock):
    actor = signed_in(school, "double", personal=True)
    hats = school.database.read(queries.hats, actor.account_id, clock.now())
    staff, family = (next(hat for hat in hats if hat.is_family is is_family) for is_family in (False, True))
    assert actor.hat == staff
    clock.advance(hours=11)
    left = school.database.write(lambda uow: service.change_hat(uow, actor, family.key, "f" * 64))
    assert left == timedelta(days=180) - timedelta(hours=11)
    parent = school.database.read(queries.live_session, queries.by_token("f" * 64), clock.now()).actor
    clock.advance(days=29)
    school.database.write(lambda uow: service.touch_session(uow, parent.session_uid))
    clock.advance(days=1)
    with pytest.raises(SignInAgain):
        school.database.write(lambda uow: service.change_hat(uow, parent, staff.key, "s" * 64))
    assert is_live(school, "f" * 64), "and the session of before goes on"


def test_a_change_of_the_password_counts_like_a_sign_in(school, clock):
    actor = signed_in(school, "mother", personal=True)
    attempt = service.attempt_while_signed_in(service.Purpose.PRESENT_PASSWORD, actor.account_uid, HOME)
    clock.advance(days=20)
    change = service.PasswordChange("new", checked(school, "mother", PASSWORD), attempt)
    left = school.database.write(lambda uow: service.change_password(uow, actor, change, "n" * 64))
    assert left == timedelta(days=180)


async def test_what_comes_to_an_open_page_is_no_use_of_its_session(school, clock):
    """Others' marks arrive in a tab that was left open: its session ends all the same."""
    actor, registry = signed_in(school, "mother"), SessionRegistry(school.database)
    for _minute in range(30):
        clock.advance(minutes=1)
        assert await registry.actor_of_session(actor.session_uid) is not None
        registry.forget({actor.session_uid})
        school.database.write(lambda _uow: None)  # a note of use would stand before it in the queue
    clock.advance(minutes=1)
    assert await registry.actor_of_session(actor.session_uid) is None
