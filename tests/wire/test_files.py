"""Files of the pages: what a browser may keep for good, and what it must ask for."""

from __future__ import annotations

import re

import httpx


def test_styles_and_scripts_of_a_page_are_kept_by_their_version(world):
    page = world.client("teacher").get("/").text
    versioned = re.findall(r'(?:href|src)="(/(?:(?:css|js)/|favicon|manifest)[^"]+)"', page)
    assert {"/css/tokens.css", "/js/offline.js", "/favicon.svg"} <= {one.partition("?")[0] for one in versioned}
    for address in versioned:
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        answer = httpx.get(world.url + address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


def test_without_a_version_and_where_nothing_is_found_the_browser_asks_again(world):
    assert httpx.get(f"{world.url}/css/tokens.css").headers["cache-control"] == "no-cache"
    lost = httpx.get(f"{world.url}/css/nothing.css?v=000000000000")
    assert (lost.status_code, lost.headers["cache-control"]) == (404, "no-cache")
    assert httpx.get(f"{world.url}/login?v=1").headers["cache-control"] == "no-store"


def test_the_licences_of_others_are_for_everybody(world):
    page = httpx.get(f"{world.url}/login").text
    assert 'href="/notices.txt"' in page
    answer = httpx.get(f"{world.url}/notices.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    assert "react-dom " in answer.text
    assert "PT Sans" in answer.text
    assert httpx.get(f"{world.url}/packages.json", follow_redirects=False).status_code == 303
