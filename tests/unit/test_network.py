"""Where a request comes from, and whether it comes from this very site."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from ais_app.access.gate import _is_open, same_origin
from ais_app.access.network import network_of

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
    assert not same_origin(headers)
    assert not same_origin(headers, required=True)


def test_s48_the_own_origin_is_the_own_one():
    assert same_origin({"origin": "https://school.example", "host": "school.example"}, required=True)
    assert same_origin({"host": "school.example"})
    assert not same_origin({"host": "school.example"}, required=True)
    assert not same_origin({"host": "school.example", "sec-fetch-site": "cross-site"})


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
    assert not _is_open(path)
    assert _is_open("/assets/index-abc.js")
    assert _is_open("/login")
