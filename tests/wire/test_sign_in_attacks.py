"""Attacks on signing in over the wire: many attempts at once, a whole school shut out, forms no parser expects."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
import pytest
from sqlalchemy import text

from ais_app.access import service
from ais_app.access.settings import FREE_ATTEMPTS
from tests import servers
from tests.builders import CODE, PASSWORD
from tests.wire.client import cookie_of, sign_in

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _forgiven(world):
    world.forgive()
    yield
    world.forgive()


def attempt(world, number: int, login: str, password: str, client: httpx.Client | None = None) -> int:
    """One sign-in at the processes in turn; returns the status of the answer."""
    url = world.processes[number % len(world.processes)].url
    form = {"login": login, "password": password}
    headers = {"origin": url} | ({"cookie": cookie_of(client)} if client else {})
    return httpx.post(f"{url}/login", data=form, headers=headers, timeout=30).status_code


def at_once(world, attempts: Sequence[tuple[str, str]]) -> Counter[int]:
    """All these sign-ins begin at the same moment; returns how often each status was answered."""
    start = threading.Barrier(len(attempts))

    def one(numbered: tuple[int, tuple[str, str]]) -> int:
        start.wait()
        return attempt(world, numbered[0], *numbered[1])

    with ThreadPoolExecutor(len(attempts)) as threads:
        return Counter(threads.map(one, enumerate(attempts)))


def checks_of(world, where: str = "login:%") -> int:
    """How many secrets were checked and did not fit, by the counters of logins."""
    query = text("SELECT coalesce(sum(failures), 0) FROM login_throttle WHERE key LIKE :where")
    return world.database.read(lambda one: one.execute(query, {"where": where}).scalar_one())


def test_s65_thirty_nine_at_once_are_five_and_the_right_one_afterwards_comes_too_late(world):
    answers = at_once(world, [("gleb", f"wrong-{number}") for number in range(39)])
    assert set(answers) <= {401, 503}, answers
    assert checks_of(world) == FREE_ATTEMPTS.usual
    assert {attempt(world, number, "gleb", PASSWORD) for number in range(4)} == {401}


def test_s65_the_right_one_among_wrong_ones_sent_together_has_one_chance_like_any_other(world):
    """Whatever order they come in: at most five of all are looked at."""
    at_once(world, [("gleb", f"wrong-{number}") for number in range(30)])
    before = checks_of(world)
    answers = at_once(world, [("gleb", PASSWORD)] * 10)
    assert set(answers) <= {401, 503}, answers
    assert checks_of(world) == before


def test_s65_seventy_four_from_one_address_are_not_all_looked_at_at_once(world):
    """Each for another login: beyond sixty the network goes on slowly, and nobody waits longer than seconds."""
    begun = time.monotonic()
    answers = at_once(world, [(f"nobody-{number}", "wrong") for number in range(74)])
    assert set(answers) <= {401, 503}, answers
    slowed = service.MOST_SLOWED + time.monotonic() - begun  # one a second goes on
    assert checks_of(world) <= service.FREE_ATTEMPTS_OF_A_NETWORK + slowed
    assert checks_of(world, "network:%") == checks_of(world)


def test_s65_an_attempt_at_one_process_counts_at_every_other(world):
    for number in range(FREE_ATTEMPTS.usual):
        assert attempt(world, number, "gleb", f"wrong-{number}") == 401
    for number in range(len(world.processes)):
        assert attempt(world, number, "gleb", PASSWORD) == 401


def test_s65_the_present_password_and_the_code_go_through_the_same_door(world):
    client = world.fresh("director")
    new = {"new": "kettle-harbour-91", "repeated": "kettle-harbour-91"}
    start = threading.Barrier(30)

    def change(number: int) -> int:
        start.wait()
        form = new | {"present": f"wrong-{number}"}
        headers = {"origin": world.url, "cookie": cookie_of(client)}
        return httpx.post(f"{world.url}/password", data=form, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(30) as threads:
        assert set(threads.map(change, range(30))) <= {400, 503}
    assert checks_of(world, "present:%") == FREE_ATTEMPTS.usual
    assert client.post("/password", data=new | {"present": PASSWORD}).status_code == 400
    codes = at_once(world, [("newcomer", f"{CODE}{number}") for number in range(20)])
    assert set(codes) <= {401, 503}
    assert attempt(world, 0, "newcomer", CODE) == 401


def test_s65_where_bcrypt_is_busy_who_waits_too_long_is_told_to_come_again(world):
    """One network may have twenty waiting, one login five: the others are answered at once, and nothing is counted."""
    answers = at_once(world, [("nobody-known", "wrong")] * 60)
    assert set(answers) <= {401, 503}, answers
    assert checks_of(world) == FREE_ATTEMPTS.usual


@contextmanager
def bad_requests(world) -> Iterator[None]:
    """Somebody in the school's network guesses on and on, with another login each time."""
    stop = threading.Event()

    def guess(lane: int) -> None:
        number = 0
        while not stop.is_set():
            attempt(world, number, f"nobody-{lane}-{number}", "wrong")
            number += 1

    threads = [threading.Thread(target=guess, args=(lane,)) for lane in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_s66_a_known_device_signs_in_while_its_network_guesses(world):
    """The school's one address has had its sixty: who has signed in on this device before feels nothing."""
    client = world.fresh("historian")
    with bad_requests(world):
        slowed = f"SELECT count(*) FROM login_throttle WHERE key LIKE 'network:%' AND failures > {service.FREE_ATTEMPTS_OF_A_NETWORK}"
        servers.wait_for(lambda: world.database.read(lambda one: one.execute(text(slowed)).scalar_one()), "sixty")
        for number in range(4):
            assert attempt(world, number, "historian", PASSWORD, client) == 303


def test_s66_a_stranger_with_the_right_password_is_slowed_and_not_shut_out(world):
    at_once(world, [(f"nobody-{number}", "wrong") for number in range(74)])
    tries = iter(range(1000))
    servers.wait_for(lambda: attempt(world, next(tries), "boris", PASSWORD) == 303, "signed in", 30)


def test_s66_the_owner_on_a_known_device_does_not_feel_that_his_login_is_guessed(world):
    client = world.fresh("historian")
    at_once(world, [("historian", f"wrong-{number}") for number in range(12)])
    assert attempt(world, 0, "historian", PASSWORD) == 401, "a device that nobody knows has to wait"
    for number in range(2):
        assert attempt(world, number, "historian", PASSWORD, client) == 303


def test_s66_a_known_device_is_known_for_its_own_accounts_and_has_limits_of_its_own(world):
    client = world.fresh("historian")
    for number in range(FREE_ATTEMPTS.usual):
        assert attempt(world, number, "historian", f"wrong-{number}", client) == 401
    assert attempt(world, 0, "historian", PASSWORD, client) == 401, "five from this device too"
    assert attempt(world, 0, "historian", PASSWORD) == 303, "and another device is not kept waiting for them"
    at_once(world, [("gleb", f"wrong-{number}") for number in range(12)])
    assert attempt(world, 0, "gleb", PASSWORD, client) == 401, "nobody else's login is known on it"


def test_s66_the_device_s_cookie_is_out_of_reach_and_says_nothing(world):
    answer = httpx.post(
        f"{world.url}/login", data={"login": "historian", "password": PASSWORD}, headers={"origin": world.url}
    )
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("ais_device="))
    for wanted in ("httponly", "samesite=strict", "path=/", "max-age="):
        assert wanted in cookie.lower()
    account = world.database.read(
        lambda one: one.execute(text("SELECT id, uid FROM account WHERE login = 'historian'")).one()
    )
    assert "historian" not in cookie
    assert account.uid not in cookie
    for forged in (cookie[:60], "ais_device=1.x.1.y.z", "ais_device=" + "." * 5000):
        with closing(httpx.Client(base_url=world.url, headers={"origin": world.url})) as client:
            sent = {"origin": world.url, "cookie": forged.partition(";")[0]}
            assert client.post("/login", data={"login": "x", "password": "y"}, headers=sent).status_code == 401


UNREADABLE = {
    f"multipart in {charset}": (f"multipart/form-data; boundary=x; charset={charset}", None)
    for charset in ("utf-7", "unicode_escape", "undefined", "utf-16", "idna", "rot13", "none-such", "utf-8")
} | {
    "urlencoded in utf-7": (f"{FORM}; charset=utf-7", b"login=%2BAGE-&password=x"),
    "urlencoded in undefined": (f"{FORM}; charset=undefined", b"login=a&password=x"),
    "half of a surrogate pair": (FORM, b"login=%ED%A0%80&password=%ED%BF%BF&present=%ED%A0%80&hat=%ED%A0%80"),
    "no utf-8": (FORM, b"login=%FF%FE&password=x"),
    "raw bytes": (FORM, b"login=\xff\xfe\x80&password=\x00"),
    "a thousand fields": (FORM, b"&".join(b"f%d=1" % number for number in range(1000))),
    "a field twice": (FORM, b"login=a&login=b&password=x"),
    "json": ("application/json", b'{"login": "a"}'),
    "a type that is none": (";;;=", b"login=a"),
}
FORMS = ("/login", "/logout", "/password", "/hat", "/look", "/sessions/end-others")


@pytest.mark.parametrize("name", UNREADABLE)
def test_s73_a_form_that_cannot_be_read_is_answered_counted_and_leaves_no_trace(world, name):
    kind, body = UNREADABLE[name]
    part = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nab\\ud800+2AA-\r\n--x--\r\n'
    client, logged = world.client("deputy"), world.log()
    query = text("SELECT coalesce(sum(count), 0) FROM security_event WHERE kind = 'form'")
    reading = [path for path in FORMS if path not in ("/logout", "/sessions/end-others")]
    for path in reading:
        before = world.database.read(lambda one: one.execute(query).scalar_one())
        headers = {"origin": world.url, "content-type": kind, "cookie": cookie_of(client)}
        answer = httpx.post(world.url + path, content=part if body is None else body, headers=headers, timeout=20)
        assert answer.status_code == 400, (path, answer.status_code)
        assert "Traceback" not in answer.text
        assert world.database.read(lambda one: one.execute(query).scalar_one()) == before + 1, path
    said = logged()
    assert "Traceback" not in said
    assert "rror" not in re.sub(r"error=FormRefused|error_id=\w+", "", said), said


def test_s73_the_login_page_says_it_in_its_own_place(world):
    headers = {"origin": world.url, "content-type": "multipart/form-data; boundary=x; charset=utf-7"}
    answer = httpx.post(f"{world.url}/login", content=b"--x--\r\n", headers=headers)
    assert (answer.status_code, 'data-testid="login-form"' in answer.text) == (400, True)


def test_signing_in_with_a_changed_password_is_over_when_the_check_began_before(world):
    """What was checked must still be what is stored when the session begins (unit tests have the race itself)."""
    assert sign_in(world.url, "boris", PASSWORD)
