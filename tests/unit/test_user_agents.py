"""What a person reads about the device of a session, and that nothing else of the header is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.access.user_agents import LONGEST_CODE, Client, client_name, client_of

CHROME = "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 {more}Safari/537.36"
WINDOWS, ANDROID = "Windows NT 10.0; Win64; x64", "Linux; Android 14; K"


def chrome(system: str, more: str = "") -> str:
    return CHROME.format(system=system, more=more)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (chrome(WINDOWS), "Computer with Windows, Chrome"),
        (chrome(WINDOWS, "YaBrowser/25.6.0.0 "), "Computer with Windows, Yandex Browser"),
        (chrome(WINDOWS, "Edg/138.0.0.0 "), "Computer with Windows, Edge"),
        (chrome(ANDROID, "Mobile "), "Phone or tablet with Android, Chrome"),
        (chrome(ANDROID, "YaBrowser/25.6.1.100.00 SA/3 Mobile "), "Phone or tablet with Android, Yandex Browser"),
        (chrome(ANDROID, "OPR/90.0.0.0 Mobile "), "Phone or tablet with Android, Opera"),
        (
            chrome("Linux; Android 13; SAMSUNG SM-A536B", "SamsungBrowser/28.0 "),
            "Phone or tablet with Android, Samsung Internet",
        ),
        (chrome("X11; CrOS x86_64 14541.0.0"), "Chromebook, Chrome"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Computer with Linux, Firefox"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "iPhone, Safari",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1",
            "iPhone, Chrome",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
            "Mac, Safari",
        ),
        ("", "An unknown device"),
        ("curl/8.5.0", "An unknown device"),
    ],
)
def test_devices_and_browsers_in_words(header, name):
    assert client_name(client_of(header)) == name


@given(st.text(max_size=800))
def test_whatever_a_client_sends_only_codes_of_the_table_are_kept(header):
    found = client_of(header)
    assert len(found.device) <= LONGEST_CODE
    assert len(found.browser) <= LONGEST_CODE
    assert found.device.isalpha() or not found.device
    assert found.browser.isalpha() or not found.browser
    assert client_name(found)


def test_codes_of_another_version_are_shown_as_unknown():
    assert client_name(Client("toaster", "lynx")) == "An unknown device"
