"""Files of the build that anybody may have, also without a session: they hold no personal data. The gate reads this."""

from __future__ import annotations

FOLDERS = ("/assets/", "/fonts/", "/css/", "/js/", "/icons/")
FILES = frozenset({"/favicon.svg", "/sw.js", "/manifest.webmanifest", "/notices.txt", "/robots.txt"})
VERSIONED = ("/css/", "/js/", "/favicon.svg", "/manifest.webmanifest")
PASSIVE = (*FOLDERS, "/favicon.svg")  # no page and no worker: they load nothing


def is_file(path: str) -> bool:
    """Whether `path` is one of the files, or within one of the folders, without a step out of it."""
    within = path.startswith(FOLDERS) and not {"", ".", ".."} & set(path[1:].split("/")) and "\\" not in path
    return path in FILES or within


def caching_of_file(path: str, query: bytes, status: int) -> bytes:
    """The Cache-Control of the answer at an address of files."""
    by_version = path.startswith(VERSIONED) and query.startswith(b"v=")
    if status == 200 and (path.startswith("/assets/") or by_version):  # the address carries a hash of the content
        return b"public, max-age=31536000, immutable"
    return b"public, max-age=604800" if status == 200 and path.startswith("/fonts/") else b"no-cache"
