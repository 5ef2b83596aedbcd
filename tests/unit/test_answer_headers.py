"""Headers of answers: everything that protects a page is on pages, and a file carries only what is of use there."""

from __future__ import annotations

import pytest

from ais_app.access.gate.answer_headers import AnswerHeaders

HEADERS = AnswerHeaders(b"default-src 'none'; script-src 'self'")
GIVEN = [
    (b"Content-Type", b"text/javascript; charset=utf-8"),
    (b"vary", b"Accept-Encoding, Origin"),
    (b"Vary", b"origin"),
    (b"access-control-allow-credentials", b"true"),
    (b"last-modified", b"Fri, 27 Nov 2026 09:29:41 GMT"),
    (b"accept-ranges", b"bytes"),
    (b"server", b"granian"),
    (b"etag", b'"1"'),
]


def of(path: str, *, status: int = 200, query: bytes = b"", view: bool = False, given=GIVEN) -> dict[bytes, bytes]:
    found = HEADERS.of(path, query, status, given, view=view)
    assert len(dict(found)) == len(found), "no header twice"
    return dict(found)


def test_a_file_has_what_is_of_use_to_a_file():
    assert of("/assets/entry-1.js") == {
        b"content-type": b"text/javascript; charset=utf-8",
        b"etag": b'"1"',
        b"vary": b"accept-encoding",
        b"server": b"",
        b"cache-control": b"public, max-age=31536000, immutable",
        b"x-content-type-options": b"nosniff",
        b"cross-origin-resource-policy": b"same-origin",
        b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    }


@pytest.mark.parametrize("path", ["/journal", "/login", "/sw.js", "/no/such/page"])
def test_a_page_has_all_that_protects_it(path):
    found = of(path)
    assert found[b"content-security-policy"] == HEADERS.policy
    assert found[b"x-frame-options"] == b"DENY"
    assert {b"referrer-policy", b"cross-origin-opener-policy", b"permissions-policy"} < found.keys()
    assert found[b"cache-control"] == (b"no-cache" if path == "/sw.js" else b"no-store")


def test_a_view_asks_for_nothing_and_is_kept_as_it_says():
    kept = [(b"cache-control", b"private, no-cache"), (b"vary", b"accept-encoding, cookie")]
    found = of("/journal/x/sheet", view=True, given=kept)
    assert found[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert (found[b"cache-control"], found[b"vary"]) == (b"private, no-cache", b"accept-encoding, cookie")


def test_what_was_stored_before_holds_on():
    assert of("/journal", status=304, given=[]) == {b"server": b"", b"cache-control": b"no-store"}


def test_a_file_that_failed_is_not_kept():
    assert of("/assets/entry-1.js", status=404)[b"cache-control"] == b"no-cache"
