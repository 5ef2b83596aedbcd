"""The help: each page of each role has its own, no link is dead, every key that is named exists."""

from __future__ import annotations

import re

import pytest

from ais_app import rooms
from ais_app.access.gate.declared import Declared, page
from ais_app.access.labels import ShownPerson
from ais_app.help.keys import OPENS, page_keys, search_keys
from ais_app.help.routes import rendered
from ais_app.help.topics import KEYS, PATH, TOPICS, explaining, for_roles, help_address
from ais_app.journal.grid.table.labels import key_list
from ais_app.paths import ROOT
from ais_app.rights.rules import Actor, Hat, Role
from ais_app.web.appearance.appearance import Appearance

TEXTS = ROOT / "ais_app" / "help" / "texts"
SCREENFUL = 1_700  # signs of a text, without its marks of HTML
WITH_HELP = (
    "/",
    "/journal",
    "/diary",
    "/progress",
    "/operations",
    "/integrity",
    "/refusals",
    "/jobs",
    "/settings",
    "/exchange",
)


def somebody(role: Role) -> Actor:
    return Actor(1, "account", "session", Hat("hat", frozenset({role}), 1, "school", 1, "person", "UTC"), "", "web")


def shown(role: Role, name: str = "") -> str:
    actor = somebody(role)
    topics = for_roles(actor.hat.roles)
    topic = next((one for one in topics if one.name == name), None)
    return rendered(actor, topics, topic, Appearance(), ShownPerson("N", "NN", "role"), "School")


@pytest.fixture(scope="module")
def declared() -> Declared:
    from ais_app.ais_app import PAGES

    addresses = [one for room in rooms.ROOMS for one in room.addresses]
    return Declared(addresses, [page(one.route, one.right) for one in PAGES if not one.for_tests])


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_has_its_help(role, declared):
    actor = somebody(role)
    for address in (*WITH_HELP, "/account"):
        segment = address.strip("/")
        if declared.may_open(actor, address):
            topic = explaining(actor.hat.roles, segment)
            assert topic is not None, (role, address)
            assert role in topic.roles
            assert help_address(actor.hat.roles, segment) == topic.href
    assert help_address(actor.hat.roles, "nothing") == PATH


def test_every_section_of_the_rail_is_looked_at(declared):
    hrefs = {section.href for room in rooms.ROOMS for section in room.menu}
    assert hrefs <= set(WITH_HELP) | {"/kit"}


@pytest.mark.parametrize("role", Role)
def test_every_topic_of_a_role_is_shown_and_leads_nowhere_else(role, declared):
    actor = somebody(role)
    for topic in for_roles(actor.hat.roles):
        text = shown(role, topic.name)
        assert f'<h1 data-testid="help-title">{topic.title.split("«")[0]}' in text.replace("&#39;", "'")
        for href in re.findall(r'<a[^>]*\shref="(/[^"#?]*)"', text):
            assert declared.may_open(actor, href) or declared.address(href), href


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_topic_has_its_text_of_a_screenful(language):
    names = {one.name for one in TOPICS} - {KEYS}
    assert {path.stem for path in (TEXTS / language).glob("*.html")} == names
    for name in names:
        text = (TEXTS / language / f"{name}.html").read_text(encoding="utf-8")
        plain = re.sub(r"<[^>]+>", "", text)
        assert 40 < len(plain) < SCREENFUL, name
        assert "{" not in text
        tags = re.findall(r"<(/?)(\w+)", text)
        assert sorted(tag for closing, tag in tags if closing) == sorted(tag for closing, tag in tags if not closing)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_key_that_a_text_names_exists(language):
    known = {key for keys, _about in [*key_list(), *search_keys(), *page_keys()] for key in keys}
    for path in (TEXTS / language).glob("*.html"):
        for key in re.findall(r"<kbd>([^<]+)</kbd>", path.read_text(encoding="utf-8")):
            assert {key, key.rstrip("0123456789")} & known, (path.name, key)


def test_the_page_of_keys_is_made_of_the_lists_of_the_pages():
    text = shown(Role.TEACHER, KEYS)
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)
    told = [(re.findall(r"<kbd>([^<]+)</kbd>", keys), about) for keys, about in rows]
    whole = [*key_list(), *page_keys(), *search_keys()]
    assert [keys for keys, _about in told] == [keys for keys, _about in whole]
    assert len(told) == len(whole)


def test_the_opener_of_the_search_knows_the_keys_that_are_named():
    opener = (ROOT / "assets" / "js" / "opener.js").read_text(encoding="utf-8")
    assert OPENS == (["Ctrl", "K"], ["/"])
    assert 'event.code === "KeyK"' in opener
    assert 'event.key === "/"' in opener


@pytest.mark.parametrize("role", [Role.STUDENT, Role.GUARDIAN])
def test_a_family_reads_nothing_that_is_for_the_staff(role):
    names = {one.name for one in for_roles({role})}
    assert "keys" not in names
    assert not names & {"teacher", "management", "administrator", "corrections", "integrity", "school"}
