"""Every way to the sign-in page carries the way back (D-50), and only to a page of this very site (S-48)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.db.columns import new_uid
from ais_app.rights.rules import Role, operator
from tests.builders import CODE, PASSWORD, YEAR_FROM
from tests.wire.client import sign_in

PLACE = "/diary?week=2026-11-16&view=day"


def next_in(answer: httpx.Response) -> str:
    address = urlsplit(answer.headers["location"])
    assert (answer.status_code, address.path) == (303, "/login")
    return parse_qs(address.query).get("next", [""])[0]


@pytest.mark.parametrize(
    "path", [PLACE, "/journal", "/password", "/progress?period=year&what=%D1%8F", "/nonsense/at/all"]
)
def test_a_page_without_a_session_leads_to_the_sign_in_page_and_back(world, path):
    wanted = next_in(httpx.get(world.url + path))
    assert httpx.URL(wanted) == httpx.URL(path)
    answer = httpx.post(
        f"{world.url}/login",
        data={"login": "mother", "password": PASSWORD, "next": wanted},
        headers={"origin": world.url},
        timeout=20,
    )
    assert httpx.URL(answer.headers["location"]) == httpx.URL(path)


@pytest.mark.parametrize("path", ["/hat", "/sessions/end-others", "/password"])
def test_a_button_pressed_after_the_session_has_ended_leads_back_to_its_page(world, path):
    answer = httpx.post(world.url + path, headers={"origin": world.url, "referer": world.url + PLACE})
    assert next_in(answer) == PLACE
    forged = httpx.post(world.url + path, headers={"origin": world.url, "referer": "https://evil.example" + PLACE})
    assert next_in(forged) == ""


def test_signing_out_leads_nowhere_back(world):
    client = world.fresh("boris")
    answer = client.post("/logout", headers={"referer": world.url + PLACE})
    assert next_in(answer) == ""
    assert next_in(client.post("/logout", headers={"referer": world.url + PLACE})) == ""


def test_a_wrong_password_keeps_the_way_back(world):
    page = httpx.post(
        f"{world.url}/login",
        data={"login": "mother", "password": "wrong", "next": PLACE},
        headers={"origin": world.url},
        timeout=20,
    )
    assert page.status_code == 401
    assert f'name="next" value="{PLACE.replace("&", "&amp;")}"' in page.text


def test_who_is_signed_in_already_goes_on_to_the_page(world):
    client = world.client("mother")
    assert client.get("/login", params={"next": PLACE}).headers["location"] == PLACE
    assert client.get("/login").headers["location"] == "/"


def test_a_page_asks_for_itself_whether_the_session_lives(world):
    """`HEAD`, as the browser asks while there is no connection (`ais_app/web/address/signed_in.jsx`)."""
    assert world.client("mother").head(PLACE).status_code == 200
    assert next_in(httpx.head(world.url + PLACE)) == PLACE


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/logout",
    "/login",
    "/login?next=/login",
    "/hat",
    "/look",
    "/sessions/end-others",
    "/" + "a" * 600,
]


@pytest.mark.parametrize("evil", EVIL)
def test_s48_the_way_back_is_a_page_of_this_site_or_the_home(world, evil):
    answer = httpx.post(
        f"{world.url}/login",
        data={"login": "mother", "password": PASSWORD, "next": evil},
        headers={"origin": world.url},
        timeout=20,
    )
    assert answer.headers["location"] == "/"
    assert world.client("mother").get("/login", params={"next": evil}).headers["location"] == "/"


def with_a_code(world) -> str:
    """Somebody whose code nobody has used or guessed at yet; returns the login."""
    login, hashed = f"comer-{new_uid()}", passwords.hash_code(CODE)

    def open_account(uow) -> None:
        role = access.NewRole(Role.SECRETARY, world.here.ref.id, world.here.people["secretary"].id, YEAR_FROM)
        access.open_account(uow, operator(), access.NewAccount(login, code_hash=hashed), [role])

    world.database.write(open_account)
    return login


def test_the_first_password_keeps_the_way_back(world):
    login = with_a_code(world)
    client = sign_in(world.url, login, CODE, next=PLACE)
    to_password = client.get(PLACE)
    assert to_password.status_code == 303
    page = client.get(to_password.headers["location"])
    assert f'name="next" value="{PLACE.replace("&", "&amp;")}"' in page.text
    chosen = {"present": CODE, "new": "kettle-harbour-92", "next": PLACE}
    wrong = client.post("/password", data=chosen | {"repeated": "kettle"})
    assert f'name="next" value="{PLACE.replace("&", "&amp;")}"' in wrong.text
    done = client.post("/password", data=chosen | {"repeated": "kettle-harbour-92"})
    assert done.headers["location"] == PLACE


def test_a_password_changed_of_free_will_leads_back_to_the_page_it_was_asked_from(world):
    client = world.client("mother")
    page = client.get("/password", headers={"referer": world.url + PLACE})
    assert f'name="next" value="{PLACE.replace("&", "&amp;")}"' in page.text
    assert f'href="{PLACE.replace("&", "&amp;")}"' in page.text
