"""The own account: sessions that can be told apart, and times in the reader's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ais_app.access import queries, service
from ais_app.access.queries import OpenSession
from ais_app.access.user_agents import Client
from ais_app.rights.rules import Role, operator
from ais_app.school.account.views import OFFERED_ZONES, network_name, session_items, zone_name
from ais_app.settings import Settings, settings
from tests.builders import YEAR_FROM, read_as

pytestmark = pytest.mark.usefixtures("accounts_as_recorded")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def opened(uid: str, client: Client, network: str, *, own: bool = False, hat: str = "teaching:s:p") -> OpenSession:
    return OpenSession(uid, NOON, NOON, client, network, hat, personal_device=own)


def test_sessions_are_told_apart_by_device_network_and_role():
    sessions = [
        opened("phone", Client("android", "yandex"), "95.31.18.4", own=True, hat="guardian:s:p"),
        opened("school", Client("windows", "chrome"), "192.168.10.7"),
        opened("here", Client("windows", "firefox"), "95.31.18.4"),
    ]
    shown = session_items(sessions, "here", {"teaching:s:p": "Teacher", "guardian:s:p": "Parent"}, "Europe/Moscow")
    assert [(one.device, one.place, one.role, one.this) for one in shown] == [
        ("Computer with Windows, Firefox", "shared device, network 95.31.18.4", "Teacher", True),
        ("Phone or tablet with Android, Yandex Browser", "own device, the same network as here", "Parent", False),
        ("Computer with Windows, Chrome", "shared device, local network 192.168.10.7", "Teacher", False),
    ]
    assert {one.since for one in shown} == {"23 November, 15:00"}


@pytest.mark.parametrize(
    ("network", "own", "words"),
    [
        ("", "", ""),
        ("95.31.18.4", "95.31.18.4", "the same network as here"),
        ("95.31.18.4", "95.31.18.5", "network 95.31.18.4"),
        ("10.1.2.3", "", "local network 10.1.2.3"),
        ("127.0.0.1", "", "local network 127.0.0.1"),
        ("fd00::/64", "", "local network fd00::/64"),
        ("2a00:1450:4010::/64", "", "network 2a00:1450:4010::/64"),
        ("something else", "", "network something else"),
    ],
)
def test_of_a_network_no_more_is_said_than_is_known(network, own, words):
    assert network_name(network, own) == words


def test_what_device_a_session_was_opened_on_is_kept_through_hat_and_password(school):
    """Every place that opens a session: signing in, another hat, another password."""
    client, database = Client("iphone", "safari"), school.database
    wanted = service.SignIn("double", "10.0.0.1", "a" * 64, personal_device=True, client=client)
    database.write(lambda uow: service.sign_in(uow, wanted))
    actor = database.read(queries.live_session, queries.by_token("a" * 64), database.clock.now()).actor
    other = next(
        hat for hat in database.read(queries.hats, actor.account_id, database.clock.now()) if hat.key != actor.hat.key
    )
    database.write(lambda uow: service.change_hat(uow, actor, other.key, "b" * 64))
    actor = database.read(queries.live_session, queries.by_token("b" * 64), database.clock.now()).actor
    (shown,) = read_as(database, queries.open_sessions, actor, database.clock.now())
    assert (shown.client, shown.hat) == (client, other.key)
    checked = service.Checked(read_as(database, queries.credentials_of, actor, database.clock.now()))
    attempt = service.attempt_while_signed_in(service.Purpose.PRESENT_PASSWORD, actor.account_uid, "10.0.0.1")
    change = service.PasswordChange("$2b$04$" + "x" * 53, checked, attempt)
    database.write(lambda uow: service.change_password(uow, actor, change, "c" * 64))
    (shown,) = read_as(database, queries.open_sessions, actor, database.clock.now())
    assert shown.client == client


def administrator(school) -> int:
    """The account of an administrator of the installation, who has no school."""
    role = service.NewRole(Role.SYSTEM_ADMIN, None, None, YEAR_FROM)
    school.database.write(
        lambda uow: service.open_account(uow, operator(), service.NewAccount("root", code_hash="0" * 64), [role])
    )
    return school.database.read(queries.credentials, "root").account_id


def zone_of(school, account_id: int) -> str:
    (hat,) = school.database.read(queries.hats, account_id, school.database.clock.now())
    return hat.zone


@pytest.fixture
def far_east(monkeypatch):
    monkeypatch.setenv("AIS_TIMEZONE", "Asia/Kamchatka")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_a_role_without_a_school_has_the_installations_zone_until_it_chooses_one(school, far_east):
    account = administrator(school)
    assert zone_of(school, account) == "Asia/Kamchatka"
    actor = school.database.read(queries.actor_of_login, "root", Role.SYSTEM_ADMIN, school.database.clock.now())
    school.database.write(lambda uow: service.prefer(uow, actor, {queries.ZONE: "Europe/Samara"}))
    assert zone_of(school, account) == "Europe/Samara"
    school.database.write(lambda uow: service.prefer(uow, actor, {queries.ZONE: "Mars/Olympus"}))
    assert zone_of(school, account) == "Asia/Kamchatka", "a zone that is none, or is none any more"


def test_a_role_of_a_school_keeps_the_schools_zone(school, far_east):
    actor = school.actor("deputy", Role.DEPUTY)
    school.database.write(lambda uow: service.prefer(uow, actor, {queries.ZONE: "Europe/Samara"}))
    assert zone_of(school, actor.account_id) == "Europe/Moscow"


def test_a_role_without_a_school_begins_on_the_day_of_its_zone(school, clock, far_east):
    account = administrator(school)
    actor = school.database.read(queries.actor_of_login, "root", Role.SYSTEM_ADMIN, clock.now())
    clock.moment = datetime.combine(YEAR_FROM, datetime.min.time(), UTC) - timedelta(hours=5)
    assert zone_of(school, account) == "Asia/Kamchatka", "it is the day there already"
    school.database.write(lambda uow: service.prefer(uow, actor, {queries.ZONE: "Europe/Kaliningrad"}))
    assert school.database.read(queries.hats, account, clock.now()) == []


def test_zones_in_words():
    assert zone_name("UTC", NOON) == "UTC"
    assert zone_name("Europe/Moscow", NOON) == "Moscow, UTC+3"
    assert zone_name("Asia/Kolkata", NOON).endswith("UTC+5:30")
    assert len({zone_name(zone, NOON) for zone in OFFERED_ZONES}) == len(OFFERED_ZONES)


def test_a_time_zone_of_the_installation_that_is_none_stops_the_start():
    with pytest.raises(ValueError, match="Mars/Olympus"):
        Settings(timezone="Mars/Olympus")
