"""«Свой телефон» stays signed in: every answer that gives a session's cookie says how long it lasts (D-19)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.db.columns import new_uid
from ais_app.rights.rules import Role, operator
from tests.builders import CODE, PASSWORD, YEAR_FROM
from tests.wire.client import cookie_of

ROUTES = Path(__file__).parents[2] / "ais_app" / "access" / "sign_in" / "routes.py"
FAMILY, STAFF = timedelta(days=180), timedelta(days=30)
NEW = "kettle-harbour-93"


def newcomer(world, *roles: tuple[Role, str]) -> str:
    """Somebody with a code from a slip; returns the login."""
    login, hashed = f"own-{new_uid()}", passwords.hash_code(CODE)
    given = [access.NewRole(role, world.here.ref.id, world.here.people[person].id, YEAR_FROM) for role, person in roles]

    def work(uow) -> None:
        access.open_account(uow, operator(), access.NewAccount(login, code_hash=hashed), given)

    world.database.write(work)
    return login


def client_of(world) -> httpx.Client:
    return httpx.Client(base_url=world.url, headers={"origin": world.url}, timeout=20)


def signed_in(client: httpx.Client, login: str, secret: str = CODE, **form: str) -> httpx.Response:
    answer = client.post("/login", data={"login": login, "password": secret, **form})
    assert answer.status_code == 303
    return answer


def session_cookie(answer: httpx.Response) -> Mapping[str, str]:
    """What the answer says of the session's cookie: its value and attributes."""
    for line in answer.headers.get_list("set-cookie"):
        jar = SimpleCookie(line)
        if "ais_session" in jar:
            return {
                "value": jar["ais_session"].value,
                **{name: str(jar["ais_session"][name]) for name in jar["ais_session"]},
            }
    raise AssertionError("no session cookie")


def lasting(answer: httpx.Response) -> timedelta | None:
    """How long the browser keeps the session; None = until it is closed."""
    cookie = session_cookie(answer)
    assert cookie["httponly"] == "True"
    assert cookie["samesite"] == "strict"
    assert cookie["expires"] == ""
    return timedelta(seconds=int(cookie["max-age"])) if cookie["max-age"] else None


def about(found: timedelta | None, expected: timedelta | None) -> bool:
    """The same but for the minutes that the test itself took."""
    if found is None or expected is None:
        return found is expected
    return expected - timedelta(minutes=10) <= found <= expected


def first_password(client: httpx.Client, present: str = CODE) -> httpx.Response:
    answer = client.post("/password", data={"present": present, "new": NEW, "repeated": NEW})
    assert answer.status_code == 303
    return answer


OWN = [("own device", {"personal": "1"}), ("shared device", {})]


@pytest.mark.parametrize(("device", "form"), OWN)
@pytest.mark.parametrize(
    ("role", "person", "limit"), [(Role.GUARDIAN, "mother", FAMILY), (Role.SECRETARY, "secretary", STAFF)]
)
def test_signing_in_the_first_password_and_later_ones_last_as_long(world, role, person, limit, device, form):
    client, expected = client_of(world), limit if form else None
    login = newcomer(world, (role, person))
    assert about(lasting(signed_in(client, login, **form)), expected), "signing in with the slip"
    assert about(lasting(first_password(client)), expected), "the first password"
    changed = client.post("/password", data={"present": NEW, "new": NEW + "-x", "repeated": NEW + "-x"})
    assert about(lasting(changed), expected), "a password of free will"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(("device", "form"), OWN)
def test_a_change_of_the_hat_lasts_as_long_as_the_new_hat_may(world, device, form):
    client = client_of(world)
    login = newcomer(world, (Role.DEPUTY, "double"), (Role.GUARDIAN, "double"))
    signed_in(client, login, **form)
    first_password(client)
    place = f"{world.here.ref.uid}:{world.here.people['double'].uid}"
    for hat, limit in ((f"guardian:{place}", FAMILY), (f"deputy:{place}", STAFF), (f"guardian:{place}", FAMILY)):
        answer = client.post("/hat", data={"hat": hat})
        assert answer.status_code == 303
        assert about(lasting(answer), limit if form else None), hat
    assert client.get("/diary").status_code == 200


def test_a_browser_that_was_closed_is_still_signed_in_on_an_own_device_only(world):
    """What a browser does at its end: it forgets the cookies that have no term."""
    for form, expected in (({"personal": "1"}, 200), ({}, 303)):
        client = client_of(world)
        signed_in(client, newcomer(world, (Role.GUARDIAN, "mother")), **form)
        first_password(client)
        for cookie in list(client.cookies.jar):
            if cookie.discard:
                client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
        assert client.get("/diary").status_code == expected


def test_other_answers_leave_the_session_s_cookie_alone(world):
    client = client_of(world)
    login = newcomer(world, (Role.GUARDIAN, "mother"))
    signed_in(client, login, personal="1")
    first_password(client)
    before = cookie_of(client)
    answers = [
        client.get("/diary"),
        client.get("/account"),
        client.get("/password"),
        client.get("/nonsense"),
        client.post("/look", data={"theme": "dark"}),
        client.post("/sessions/end-others"),
        client.post("/password", data={"present": "wrong", "new": NEW, "repeated": NEW}),
        client.post("/hat", data={"hat": "nobody's"}),
    ]
    for answer in answers:
        assert not [line for line in answer.headers.get_list("set-cookie") if "ais_session" in line], answer.url
    assert "ais_session" in before


def test_every_place_that_sets_the_session_s_cookie_is_one_of_those_above():
    """A new way to renew a session must say how long it lasts, and get its line here and above."""
    tree = ast.parse(ROUTES.read_text(encoding="utf-8"))
    setting = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            if any(getattr(call.func, "attr", "") == "set_session" for call in calls):
                setting.add(function.name)
    assert setting == {"sign_in", "change_password", "change_hat"}
    package = ROUTES.parents[2]
    makers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if ".set_cookie(" in path.read_text(encoding="utf-8")
    }
    assert makers == {"access/sign_in/cookies.py"}


def test_a_refused_sign_in_says_when_the_next_is_taken_and_what_to_do(world):
    world.forgive()
    for login in ("gleb", "nobody-at-all"):
        answers = [
            httpx.post(
                f"{world.url}/login",
                data={"login": login, "password": f"wrong-{number}"},
                headers={"origin": world.url},
                timeout=20,
            )
            for number in range(6)
        ]
        assert {answer.status_code for answer in answers} == {401}
        for answer in answers[:4]:
            assert "Логин или пароль не подходит. Можно сразу попробовать ещё раз." in answer.text
            assert "retry-after" not in answer.headers
        assert "Логин или пароль не подходит. Следующая попытка принимается через 30 секунд." in answers[4].text
        assert "Эта попытка не рассматривалась" in answers[5].text
        for answer in answers[4:]:
            assert 1 <= int(answer.headers["retry-after"]) <= 30
        assert all("выдаст новый листок" in answer.text for answer in answers)
    world.forgive()


@pytest.mark.parametrize("login", ["ЁЖИК-ЙОД", "ежик-иод"])
def test_a_login_typed_in_the_other_normal_form_is_accepted(world, login):
    import unicodedata

    name = f"{login}-{new_uid()}"
    world.database.write(
        lambda uow: access.open_account(
            uow,
            operator(),
            access.NewAccount(name, password_hash=passwords.hash_password(PASSWORD, cost=4)),
            [access.NewRole(Role.SECRETARY, world.here.ref.id, world.here.people["secretary"].id, YEAR_FROM)],
        )
    )
    for form in ("NFC", "NFD"):
        signed_in(client_of(world), unicodedata.normalize(form, name), PASSWORD)
