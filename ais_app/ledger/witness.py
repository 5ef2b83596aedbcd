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

LONGEST_LINE = 1_000


class NoKey(ValueError):  # noqa: N818 - reads as what it says
    """The file of the key holds no Ed25519 private key."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A chain had this many operations at this moment (UTC, ISO 8601), the last one with the hash `head`."""

    chain: str
    sequence: int
    head: str
    moment: str

    def spelled(self) -> bytes:
        """What is signed: canonical JSON of the four values."""
        values = {"chain": self.chain, "sequence": self.sequence, "head": self.head, "moment": self.moment}
        return canonical_json(values).encode()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: what was seen, by which public key it is signed, and the signature; both hexadecimal."""

    seen: Seen
    key: str
    signature: str

    @property
    def fits(self) -> bool:
        """Whether the signature is that of the key over what was seen."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), self.seen.spelled())
        except (InvalidSignature, ValueError):
            return False
        return True


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file that only its owner may read; made when it is not there. Raises NoKey, OSError."""
    if not path.exists():
        new = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        private_files.make_once(path, new)
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
    line = json.loads(seen.spelled()) | {"key": public_key(key), "signature": key.sign(seen.spelled()).hex()}
    return canonical_json(line)


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


def _read(text: bytes) -> Line | None:
    try:
        found = json.loads(text)
        chain, head, moment, key, signature = (found[name] for name in ("chain", "head", "moment", "key", "signature"))
        sequence = found["sequence"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if type(sequence) is not int or {type(one) for one in (chain, head, moment, key, signature)} != {str}:
        return None
    return Line(Seen(chain, sequence, head, moment), key, signature)
