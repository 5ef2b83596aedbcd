"""What the head of each chain was at a moment, signed, in a file outside the database (D-55).

Whoever can write the database can rewrite a chain with all its hashes, cut it off, or put an old copy in its place.
What he cannot do without the key is to sign lines that fit; and without the file, to take away those that do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ais_app import private_files
from ais_app.ledger.rules import canonical_json, spelled_moment

LONGEST_LINE, LAST_BYTES = 1_000, 100_000


class NoKey(ValueError):  # noqa: N818 - reads as what it says
    """The file of the key is not there though it was, or holds no Ed25519 private key."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A chain had this many operations at this moment (UTC, ISO 8601), the last one with the hash `head`.

    A line that changes the key names the public key `next` from there on, or that it is in place of the `lost` one.
    """

    chain: str
    sequence: int
    head: str
    moment: str
    next: str | None = None
    lost: str | None = None

    def spelled(self) -> bytes:
        """What is signed: canonical JSON of the four values, and of `next` or `lost` where there is one."""
        values = {"chain": self.chain, "sequence": self.sequence, "head": self.head, "moment": self.moment}
        more = {"next": self.next, "lost": self.lost}
        return canonical_json(values | {name: value for name, value in more.items() if value is not None}).encode()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: what was seen, by which public key it is signed, and the signature; both hexadecimal.

    `countersignature`: that of the key `seen.next` over the same, in the line of a renewal only.
    """

    seen: Seen
    key: str
    signature: str
    countersignature: str = ""

    @property
    def fits(self) -> bool:
        """Whether the signature is that of the key over what was seen, and so is that of the next key."""
        spelled = self.seen.spelled()
        if self.seen.next is not None and not _is_signed(self.seen.next, self.countersignature, spelled):
            return False
        return _is_signed(self.key, self.signature, spelled)

    def written(self) -> str:
        """The line as it stands in a file."""
        signatures = {"key": self.key, "signature": self.signature}
        if self.countersignature:
            signatures["countersignature"] = self.countersignature
        return canonical_json(json.loads(self.seen.spelled()) | signatures)


def _is_signed(key: str, signature: str, what: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), what)
    except (InvalidSignature, ValueError):
        return False
    return True


def make_key(path: Path) -> None:
    """Make a new key in a PEM file for its owner alone, unless the file is there. Raises OSError."""
    new = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    private_files.make_once(path, new)


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file that only its owner may read; made when it is not there. Raises NoKey, OSError."""
    if not path.exists():
        make_key(path)
    return loaded(path)


def loaded(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file, closed to others. Raises NoKey, OSError."""
    private_files.close(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise NoKey(str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(str(path))
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """The public key as lines name it: 64 hexadecimal characters."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def signed(key: Ed25519PrivateKey, chain: str, head: tuple[int, str], moment: datetime) -> str:
    """The line that says: at this moment the chain had `head` = (number of operations, hash of the last)."""
    seen = Seen(chain, head[0], head[1], spelled_moment(moment))
    return Line(seen, public_key(key), key.sign(seen.spelled()).hex()).written()


def append(path: Path, lines: list[str]) -> None:
    """Write whole lines behind the others and wait until they are on the disk. Raises OSError."""
    private_files.append(path, "".join(f"{line}\n" for line in lines).encode())


def lines_of(path: Path, until: int | None = None) -> Iterator[tuple[int, Line | None]]:
    """(number, line) of a file up to the byte `until`, None for what cannot be read. Raises OSError."""
    with path.open("rb") as source:
        number = 0
        while (until is None or source.tell() < until) and (text := source.readline(LONGEST_LINE)):
            number += 1
            yield number, _read(text)


def last_seen(path: Path) -> Mapping[str, int]:
    """{chain: the number of operations that its last line names}; nothing where there is no file yet."""
    if not path.exists():
        return {}
    return {line.seen.chain: line.seen.sequence for _number, line in lines_of(path) if line is not None}


def changes_of(path: Path, until: int | None = None) -> Iterator[Line]:
    """The lines of a file that change the key. Raises OSError."""
    with path.open("rb") as source:
        while (until is None or source.tell() < until) and (text := source.readline(LONGEST_LINE)):
            if b'"next"' in text or b'"lost"' in text:
                line = _read(text)
                if line is not None and (line.seen.next is not None or line.seen.lost is not None):
                    yield line


def last_key(path: Path) -> str:
    """The public key of the last line that can be read, of those at the end of the file; "" = there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as source:
        source.seek(max(0, path.stat().st_size - LAST_BYTES))
        for text in reversed(source.read().splitlines()):
            line = _read(text)
            if line is not None:
                return line.seen.next or line.key
    return ""


def _read(text: bytes) -> Line | None:
    try:
        found = json.loads(text)
        chain, head, moment, key, signature = (found[name] for name in ("chain", "head", "moment", "key", "signature"))
        sequence, more = found["sequence"], [found[name] for name in ("next", "lost") if name in found]
        countersignature = found.get("countersignature", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    texts = (chain, head, moment, key, signature, countersignature, *more)
    if type(sequence) is not int or {type(one) for one in texts} != {str}:
        return None
    seen = Seen(chain, sequence, head, moment, found.get("next"), found.get("lost"))
    return Line(seen, key, signature, countersignature)
