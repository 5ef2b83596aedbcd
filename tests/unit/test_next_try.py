"""A refused secret says when the next try is taken: alike for logins that exist and that do not (S-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ais_app.access import service
from ais_app.access.errors import SecretRefused, SignInRefused, wrong_password
from ais_app.access.sign_in.secret_check import SecretCheck

HOME = "10.0.0.1"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "in 1 second."),
        (29.01, "in 30 seconds."),
        (59, "in 59 seconds."),
        (60, "in 1 minute."),
        (61, "in 2 minutes."),
        (900, "in 15 minutes."),
    ],
)
def test_a_wait_is_never_said_shorter_than_it_is(seconds, words):
    assert str(SignInRefused(wait=timedelta(seconds=seconds))).endswith(f"The next try is taken {words}")


async def refusals(school, clock, login: str) -> list[str]:
    """What is said to wrong passwords of one login, one after the other, with time between the last ones."""
    door, said = SecretCheck(school.database), []
    for pause in (0, 0, 0, 0, 0, 0, 10, 25, 0):
        clock.advance(seconds=pause)
        with pytest.raises(SecretRefused) as refusal:
            await door.check(service.attempt_to_sign_in(login, HOME), lambda: None)
        said.append(str(SignInRefused(looked_at=refusal.value.looked_at, wait=refusal.value.wait)))
    return said


AT_ONCE = "The login or the password is wrong. You may try again at once."
PAUSED = "This try was not looked at: after several wrong ones the next has to wait. The next try is taken {}."
WRONG = "The login or the password is wrong. The next try is taken {}."


async def test_each_refusal_says_when_the_next_try_is_taken(school, clock):
    assert await refusals(school, clock, "anna") == [
        *[AT_ONCE] * 4,
        WRONG.format("in 30 seconds"),
        PAUSED.format("in 30 seconds"),
        PAUSED.format("in 20 seconds"),
        WRONG.format("in 1 minute"),
        PAUSED.format("in 1 minute"),
    ]


async def test_s23_an_unknown_login_is_told_the_same(school, clock):
    begun = clock.moment
    known = await refusals(school, clock, "anna")
    clock.moment = begun
    assert await refusals(school, clock, "nobody-at-all") == known


async def test_who_waits_as_long_as_was_said_is_looked_at(school, clock):
    door, anna = SecretCheck(school.database), service.attempt_to_sign_in("anna", HOME)
    for _attempt in range(5):
        with pytest.raises(SecretRefused) as refusal:
            await door.check(anna, lambda: None)
    assert refusal.value.wait is not None
    clock.advance(seconds=refusal.value.wait.total_seconds())
    assert await door.check(anna, lambda: "right") == "right"


def test_an_account_without_a_role_is_refused_like_a_wrong_password(school, clock):
    """The secret fitted and the account has no role today: the answer must not tell that it fitted."""
    from sqlalchemy import text

    school.database.write(lambda uow: uow.execute(text("UPDATE role_assignment SET valid_to = '2026-11-01'")))
    attempt = service.attempt_to_sign_in("anna", HOME)
    for _attempt in range(5):
        school.database.write(lambda uow: service.reserve_attempt(uow, attempt))
    wanted = service.SignIn("anna", HOME, "h" * 64, personal_device=False, attempt=attempt)
    with pytest.raises(SignInRefused) as refusal:
        school.database.write(lambda uow: service.sign_in(uow, wanted))
    assert str(refusal.value) == WRONG.format("in 30 seconds")


def test_the_present_password_says_it_at_its_field():
    refusal = wrong_password(SecretRefused(wait=timedelta(minutes=2)))
    assert (refusal.field, str(refusal)) == (
        "present",
        "This is not the present password. The next try is taken in 2 minutes.",
    )
