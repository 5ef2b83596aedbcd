"""The one check of secrets: counted before they are looked at, bounded in number, right whatever happens meanwhile."""

from __future__ import annotations

import ast
import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from ais_app.access import passwords, queries, service
from ais_app.access.errors import PasswordRefused, SecretRefused, SignInRefused, TooBusy
from ais_app.access.settings import KNOWN_DEVICE
from ais_app.access.sign_in.devices import ACCOUNTS, Devices
from ais_app.access.sign_in.secret_check import RUNNING, WAITING_OF_A_LOGIN, WAITING_OF_A_NETWORK, SecretCheck, Turns
from ais_app.db import Database
from ais_app.rights.rules import Role
from tests.builders import CODE, PASSWORD
from tests.conftest import MONDAY
from tests.servers import ROOT
from tests.unit.signing_in import HOME, checked, signed_in

PACKAGE = ROOT / "ais_app"

DAYS = KNOWN_DEVICE.usual


def reserve(school, attempt: service.Attempt) -> service.Reservation:
    return school.database.write(lambda uow: service.reserve_attempt(uow, attempt))


def verdict(school, attempt: service.Attempt) -> str:
    return reserve(school, attempt).verdict


def test_s21_a_pause_ends_when_it_was_said_to(school, clock):
    anna = service.attempt_to_sign_in("anna", HOME)
    assert [verdict(school, anna) for _attempt in range(6)] == ["go"] * 5 + ["paused"]
    clock.advance(seconds=29)
    assert verdict(school, anna) == "paused", "an attempt during it makes it no longer"
    clock.advance(seconds=2)
    assert verdict(school, anna) == "go"


def test_s21_a_login_waits_longer_each_time_and_is_guessed_a_hundred_times_a_day_at_most(school, clock):
    anna, looked_at, begun = service.attempt_to_sign_in("anna", HOME), 0, clock.now()
    while clock.now() - begun < timedelta(days=1):
        looked_at += verdict(school, anna) == "go"
        clock.advance(seconds=30)
    assert 95 <= looked_at <= 110
    assert [service.delay_after(failures) for failures in (4, 5, 6, 9, 10, 99, 10**6)] == [
        None,
        *(timedelta(seconds=seconds) for seconds in (30, 60, 480, 900, 900, 900)),
    ]


def test_s21_failures_are_forgotten_after_a_day_without_any(school, clock):
    anna = service.attempt_to_sign_in("anna", HOME)
    for _attempt in range(5):
        reserve(school, anna)
    clock.advance(hours=25)
    assert [verdict(school, anna) for _attempt in range(6)] == ["go"] * 5 + ["paused"]


def test_s65_clocks_that_differ_a_little_let_nobody_begin_anew(school, clock):
    """Two machines are seconds apart: what one has counted is ahead of the other's clock."""
    anna, verdicts = service.attempt_to_sign_in("anna", HOME), []
    for _attempt in range(6):
        verdicts.append(verdict(school, anna))
        clock.advance(seconds=10)
        verdicts.append(verdict(school, anna))
        clock.advance(seconds=-10)
    assert verdicts.count("go") == 5


def test_s23_unknown_logins_wait_like_known_ones(school):
    known, unknown = (service.attempt_to_sign_in(login, HOME) for login in ("anna", "nobody-at-all"))
    assert [verdict(school, known) for _attempt in range(8)] == [verdict(school, unknown) for _attempt in range(8)]


def test_s65_an_attempt_is_counted_before_its_secret_is_looked_at(school):
    """None of them has ended yet: the sixth waits all the same, at whatever process it comes in."""
    anna = service.attempt_to_sign_in("anna", HOME)
    other = Database(school.database.url.render_as_string(hide_password=False), school.database.clock)
    pending = [
        process._submit(lambda uow: service.reserve_attempt(uow, anna), "installation", None, None)
        for _attempt in range(20)
        for process in (school.database, other)
    ]
    verdicts = [future.result(30).verdict for future in pending]
    other.close()
    assert sorted(verdicts) == ["go"] * 5 + ["paused"] * 35


def test_s65_what_was_right_or_never_looked_at_does_not_count(school):
    anna = service.attempt_to_sign_in("anna", HOME)
    for _attempt in range(5):
        reserve(school, anna)
    school.database.write(lambda uow: service.give_back_attempt(uow, anna))
    assert [verdict(school, anna) for _attempt in range(2)] == ["go", "paused"]
    school.database.write(lambda uow: service.settle_attempt(uow, anna))
    assert [verdict(school, anna) for _attempt in range(6)] == ["go"] * 5 + ["paused"]


def test_s66_a_network_goes_on_slowly_after_sixty_failures_and_is_free_again_later(school, clock):
    def go(number: int) -> service.Reservation:
        return reserve(school, service.attempt_to_sign_in(f"nobody-{number}", HOME))

    assert {go(number).verdict for number in range(60)} == {"go"}
    waits = [go(number).seconds for number in range(60, 65)]
    assert waits == [1, 2, 3, 4, 5]
    assert go(65).verdict == "busy"
    assert verdict(school, service.attempt_to_sign_in("anna", "10.0.0.2")) == "go", "another network"
    clock.advance(seconds=5)
    assert go(66).seconds == 1
    clock.advance(minutes=15)
    assert go(67).verdict == "go"


def test_s66_a_network_is_guessed_from_slowly_for_ever(school, clock):
    looked_at, begun = 0, clock.now()
    while clock.now() - begun < timedelta(minutes=15):
        found = reserve(school, service.attempt_to_sign_in(f"nobody-{looked_at}", HOME))
        looked_at += found.verdict in ("go", "wait")
        clock.advance(seconds=0 if found.verdict == "go" else 0.5)
    assert 500 <= looked_at <= 560


def test_s66_the_known_device_of_an_account_has_counters_of_its_own(school):
    for _attempt in range(8):
        reserve(school, service.attempt_to_sign_in("anna", HOME))
    own = service.attempt_to_sign_in("anna", HOME, known_device="phone")
    assert [verdict(school, own) for _attempt in range(6)] == ["go"] * 5 + ["paused"]
    assert verdict(school, service.attempt_to_sign_in("anna", HOME, known_device="tablet")) == "go"


def test_s66_a_device_is_known_for_whom_it_is_signed_for_and_to_whoever_has_the_key_only():
    today, devices = MONDAY.date(), Devices(b"k" * 32)
    cookie = devices.remember(None, "one", today)
    device = devices.read(cookie, today, DAYS)
    assert device is not None
    assert devices.name_for(device, "one") == device.name
    assert devices.name_for(device, "two") == ""
    assert devices.name_for(device, "") == devices.name_for(None, "one") == ""
    both = devices.read(devices.remember(device, "two", today), today, DAYS)
    assert {devices.name_for(both, account) for account in ("one", "two")} == {device.name}
    assert Devices(b"o" * 32).read(cookie, today, DAYS) is None
    assert devices.read(cookie, today + timedelta(days=DAYS + 1), DAYS) is None
    assert devices.read(cookie, today - timedelta(days=1), DAYS) is None
    version, name, day, marks, signature = cookie.split(".")
    for forged in (
        "",
        ".",
        cookie[:-1],
        ".".join([version, name, day, marks + "~" + marks, signature]),
        ".".join([version, name, str(int(day) + 1), marks, signature]),
        "\u0451" * 40,
        "." * 100_000,
    ):
        assert devices.read(forged, today, DAYS) is None, forged[:80]
    for number in range(ACCOUNTS * 2):
        device = devices.read(devices.remember(device, f"account-{number}", today), today, DAYS)
    assert device is not None
    assert len(device.marks) == ACCOUNTS
    assert devices.name_for(device, "one") == ""


async def _drain(tasks: list[asyncio.Task]) -> list[BaseException | None]:
    return list(await asyncio.gather(*tasks, return_exceptions=True))


async def test_s65_two_compute_and_the_networks_take_turns():
    turns, order, release = Turns(), [], asyncio.Event()

    async def work(network: str, name: str) -> None:
        async with turns.turn(network):
            order.append(name)
            await release.wait()

    tasks = [asyncio.create_task(work("flood", f"flood-{number}")) for number in range(6)]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(work("home", "home")), asyncio.create_task(work("", "known"))]
    await asyncio.sleep(0)
    assert order == ["flood-0", "flood-1"]
    release.set()
    assert await _drain(tasks) == [None] * 8
    assert order[2] == "known"
    assert order.index("home") <= 4
    assert turns._free == RUNNING


async def test_s65_places_are_bounded_by_login_and_network():
    turns = Turns()

    async def hold(attempt: service.Attempt, until: asyncio.Event) -> None:
        async with turns.queued(attempt):
            await until.wait()

    done = asyncio.Event()
    same = [asyncio.create_task(hold(service.attempt_to_sign_in("anna", HOME), done)) for _task in range(9)]
    many = [
        asyncio.create_task(hold(service.attempt_to_sign_in(f"nobody-{number}", HOME), done)) for number in range(40)
    ]
    known = asyncio.create_task(hold(service.attempt_to_sign_in("anna", HOME, known_device="phone"), done))
    await asyncio.sleep(0)
    done.set()
    refused = [[isinstance(error, TooBusy) for error in await _drain(tasks)] for tasks in (same, many, [known])]
    assert sum(refused[0]) == 9 - WAITING_OF_A_LOGIN
    assert sum(refused[1]) == 40 - (WAITING_OF_A_NETWORK + RUNNING - WAITING_OF_A_LOGIN)
    assert refused[2] == [False]
    assert not turns._queued


async def test_s65_who_gives_up_waiting_leaves_no_turn_behind():
    turns, release = Turns(), asyncio.Event()

    async def work() -> None:
        async with turns.turn("home"):
            await release.wait()

    running = [asyncio.create_task(work()) for _task in range(RUNNING)]
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(work()) for _task in range(4)]
    await asyncio.sleep(0)
    for task in waiting[:3]:
        task.cancel()
    release.set()
    assert await _drain(running) == [None, None]
    assert await _drain(waiting[3:]) == [None]
    assert turns._free == RUNNING


async def test_s65_a_check_that_comes_too_late_is_not_counted(school, monkeypatch):
    monkeypatch.setattr("ais_app.access.sign_in.secret_check.WAITING_SECONDS", 0.0)
    door, anna = SecretCheck(school.database), service.attempt_to_sign_in("anna", HOME)
    async with door._turns.turn(""), door._turns.turn(""):
        with pytest.raises(TooBusy):
            await door.check(anna, lambda: True)
    failures = text("SELECT sum(failures) FROM login_throttle")
    assert school.database.read(lambda one: one.execute(failures).scalar_one()) == 0
    school.database.write(lambda _uow: None)  # the note of the refusal stands before it in the queue
    busy = text("SELECT sum(count) FROM security_event WHERE kind = 'busy'")
    assert school.database.read(lambda one: one.execute(busy).scalar_one()) == 1


async def test_s65_the_check_refuses_what_does_not_fit_and_gives_what_does(school):
    door, anna = SecretCheck(school.database), service.attempt_to_sign_in("anna", HOME)
    assert await door.check(anna, lambda: "found") == "found"
    with pytest.raises(SecretRefused):
        await door.check(anna, lambda: None)
    looked = []
    for _attempt in range(9):
        with pytest.raises(SecretRefused):
            await door.check(anna, lambda: looked.append(1))
    assert len(looked) == 3, "two were looked at before, five in all"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET password_hash = 'another' WHERE login = 'mother'",
        "UPDATE account SET blocked_at = '2026-11-23 08:00:00' WHERE login = 'mother'",
        "UPDATE account SET password_hash = NULL, code_hash = 'another' WHERE login = 'mother'",
    ],
)
def test_s22_what_was_checked_must_still_be_what_is_stored(school, change):
    """Between the check and the session somebody changed the password or blocked the account."""
    found = checked(school, "mother", PASSWORD)
    assert found is not None
    school.database.write(lambda uow: uow.execute(text(change)))
    again = service.Checked(found.against, "the checked password at another cost")
    wanted = service.SignIn("mother", HOME, "h" * 64, personal_device=False, checked=again)
    with pytest.raises(SignInRefused):
        school.database.write(lambda uow: service.sign_in(uow, wanted))
    stored = text("SELECT password_hash FROM account WHERE login = 'mother'")
    assert school.database.read(lambda one: one.execute(stored).scalar_one()) != again.new_hash


def test_a_new_password_is_another_one_than_the_present_one_and_the_code(school):
    mother, newcomer = school.actor("mother", Role.GUARDIAN), signed_in(school, "newcomer")
    new = "kettle-harbour-91"
    service.check_new_password(mother, "mother", new, new, PASSWORD)
    with pytest.raises(PasswordRefused):
        service.check_new_password(mother, "mother", PASSWORD, PASSWORD, PASSWORD)
    for spelled in (CODE, CODE.upper(), CODE.replace("-", ""), CODE.replace("-", " ")):
        with pytest.raises(PasswordRefused):
            service.check_new_password(newcomer, "newcomer", spelled, spelled, CODE)
        with pytest.raises(PasswordRefused):
            service.check_against_stored(school.database.read(queries.credentials, "newcomer"), spelled)
    service.check_against_stored(school.database.read(queries.credentials, "newcomer"), new)


def test_no_password_fits_the_decoy_and_none_is_computed():
    assert passwords.decoy(4) == passwords.decoy(4)
    assert passwords.decoy(4).startswith("$2b$04$")
    assert not any(passwords.fits(given, passwords.decoy(4)) for given in ("", "x", PASSWORD))


def calls(name: str) -> set[str]:
    """The modules in which a function or method of this name is called."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
                found.add(path.relative_to(PACKAGE).as_posix())
    return found


def test_s65_every_secret_goes_through_the_one_door_and_every_form_through_the_one_reader():
    """Whoever adds a secret or a form meets this test: `SecretCheck.check` and `forms.read_form` are the ways."""
    assert calls("checkpw") == {"access/passwords.py"}
    assert {one for one in calls("fits") if one.startswith("access/")} == {
        "access/service/signing_in.py",
        "access/guard.py",  # of payloads
    }
    assert calls("code_fits") == {"access/service/signing_in.py"}
    assert calls("check_secret") == {"access/sign_in/routes.py"}
    assert {"request.form(" in path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")} == {False}
