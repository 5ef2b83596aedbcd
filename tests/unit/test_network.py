"""Where a request comes from, and whether it comes from this very site."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from ais_app.access.gate.asgi import same_origin
from ais_app.access.network import network_of, scheme_of
from ais_app.web.files import is_file

PROXY = [ip_network("10.0.0.0/8")]


def seen(peer: str | None, *forwarded: str, trusted=PROXY) -> str:
    headers = [(b"X-Forwarded-For", line.encode()) for line in forwarded]
    return network_of({"client": (peer, 1) if peer else None, "headers": headers}, trusted)


def test_s21_a_header_counts_only_behind_a_trusted_proxy():
    assert seen("198.51.100.7", "1.2.3.4") == "198.51.100.7"
    assert seen("10.0.0.1", "1.2.3.4") == "1.2.3.4"
    assert seen("10.0.0.1", "1.2.3.4", trusted=[]) == "10.0.0.1"
    assert seen(None, "1.2.3.4") == ""


def test_s21_what_a_client_writes_before_the_proxy_s_own_word_does_not_count():
    assert seen("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.2.2.2") == "198.51.100.7"
    assert seen("10.0.0.1", "1.1.1.1", "198.51.100.7") == "198.51.100.7", "a proxy may add a line of its own"
    assert seen("10.0.0.1", "1.1.1.1, nonsense") == "10.0.0.1"


def test_s21_a_household_has_one_address_however_many_it_uses():
    one, other = seen("2001:db8:1:2:aaaa::1"), seen("2001:db8:1:2:ffff::2%eth0")
    assert one == other == "2001:db8:1:2::/64"
    assert seen("2001:db8:1:3::1") != one
    assert seen("::ffff:198.51.100.7") == "198.51.100.7"
    assert seen("::ffff:10.0.0.1", "1.2.3.4") == "1.2.3.4"


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://[", "http://evil.example", "http://school.example.evil", "http://x@", "//", "school.example"],
)
@pytest.mark.parametrize("host", ["school.example", None])
def test_s48_an_origin_that_is_foreign_or_cannot_be_read_is_foreign(origin, host):
    headers = {"origin": origin} | ({"host": host} if host else {})
    for scheme in ("http", "https"):
        assert not same_origin(headers, scheme)
        assert not same_origin(headers, scheme, required=True)


def test_s48_the_own_origin_is_the_own_one():
    assert same_origin({"origin": "https://school.example", "host": "school.example"}, "https", required=True)
    assert same_origin({"host": "school.example"}, "https")
    assert not same_origin({"host": "school.example"}, "https", required=True)
    assert not same_origin({"host": "school.example", "sec-fetch-site": "cross-site"}, "https")


@pytest.mark.parametrize("required", [False, True])
def test_s48_a_page_that_came_in_clear_does_not_speak_for_the_https_site(required):
    clear = {"origin": "http://school.example", "host": "school.example"}
    assert not same_origin(clear, "https", required=required)
    assert same_origin(clear, "http", required=required)
    assert not same_origin(clear | {"origin": "https://school.example"}, "http", required=required)


def scheme(peer: str | None, *said: str, base_url: str = "", wire: str = "http", trusted=PROXY) -> str:
    headers = [(b"X-Forwarded-Proto", line.encode()) for line in said]
    return scheme_of({"client": (peer, 1) if peer else None, "headers": headers, "scheme": wire}, trusted, base_url)


def test_s48_the_scheme_is_what_a_trusted_proxy_or_the_setting_says():
    assert scheme("10.0.0.1", "https") == "https"
    assert scheme("10.0.0.1", "http", "https") == "https", "the last line is the proxy's own"
    assert scheme("10.0.0.1", "http", base_url="https://school.example") == "http"
    assert scheme("198.51.100.7", "https") == "http", "who is no trusted proxy says nothing"
    assert scheme("198.51.100.7", "http", base_url="https://school.example") == "https"
    assert scheme("10.0.0.1", "ftp, nonsense", base_url="https://school.example") == "https"
    assert [scheme(None, wire=wire) for wire in ("http", "ws", "https", "wss")] == ["http", "http", "https", "https"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../journal/",
        "/assets/./x",
        "/css//etc",
        "/js/..\\x",
        "/assets/",
        "/assets",
        "/login/",
        "/login/x",
        "/cssx",
    ],
)
def test_s47_a_folder_open_to_all_has_no_way_out(path):
    assert not is_file(path)
    assert is_file("/assets/index-abc.js")
    assert is_file("/notices.txt")
