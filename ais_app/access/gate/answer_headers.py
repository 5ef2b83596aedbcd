"""The headers of every response: caching, security policies, no name of the server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ais_app.web import files
from ais_app.web.held import KEPT

Header = tuple[bytes, bytes]
NAMELESS = (b"server", b"")  # without one the server below us adds its own name

# Written here, or of no use: nothing is read by other origins or in parts, and a tag says more than a moment.
_NOT_PASSED_ON = (b"cache-control", b"server", b"vary", b"last-modified", b"accept-ranges")
_OF_ALL = ((b"x-content-type-options", b"nosniff"), (b"cross-origin-resource-policy", b"same-origin"))
_OF_PAGES = (
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
# A file is no page: it needs no hashes of scripts, which would be a kilobyte on each of thirty files.
_FILE_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


def content_security_policy(script_hashes: Iterable[str]) -> bytes:
    """Own origin only; scripts by hash, no `unsafe-*` for them. Charts need inline styles."""
    scripts = " ".join(["'self'", *(f"'{one}'" for one in script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ).encode()


class AnswerHeaders:
    """`policy`: the content security policy of pages."""

    def __init__(self, policy: bytes) -> None:
        self.policy = policy

    def of(self, path: str, query: bytes, status: int, given: Iterable[Header], *, view: bool) -> list[Header]:
        """The headers of a response whose application has `given` its own. `view`: of an address declared as a view."""
        own = [(name.lower(), value) for name, value in given]
        passed = [one for one in own if one[0] not in _NOT_PASSED_ON and not one[0].startswith(b"access-control-")]
        written = [*passed, *_vary(own), NAMELESS, (b"cache-control", _caching(path, query, status, own))]
        if status == 304:  # what was stored with the answer before holds on
            return written
        if path.startswith(files.PASSIVE):
            return [*written, *_OF_ALL, _FILE_POLICY]
        policy = _FILE_POLICY if view else (b"content-security-policy", self.policy)
        return [*written, *_OF_ALL, *_OF_PAGES, policy]


def _vary(own: Sequence[Header]) -> list[Header]:
    """The header Vary, each name once; without `origin`, since pages of another origin may not read the response."""
    listed = (one.strip().lower() for name, value in own if name == b"vary" for one in value.split(b","))
    names = dict.fromkeys(one for one in listed if one != b"origin")
    return [(b"vary", b", ".join(names))] if names else []


def _caching(path: str, query: bytes, status: int, own: Sequence[Header]) -> bytes:
    if (b"cache-control", KEPT.encode()) in own:
        return KEPT.encode()
    if path.startswith(files.FOLDERS) or path in files.FILES:
        return files.caching_of_file(path, query, status)
    return b"no-store"
