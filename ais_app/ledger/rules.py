"""Pure rules of the chain: what is hashed, and how. An auditor can repeat them with SHA-256 alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ais_app.rights.rules import Author

GENESIS = "0" * 64

# How an operation is spelled. 1: without a format number. 2: with `format`, and `reason` where one was given.
# What was appended is never spelled anew: a further field is a further format, and the older ones stay here.
FORMATS = (1, 2)
FORMAT = FORMATS[-1]


class UnknownFormat(ValueError):  # noqa: N818 - reads as what it says
    """An operation of a format that this version cannot spell."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """Text typed by a person: kept beside the chain under a salted hash, so that the law may erase it."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One touched row. `before` and `after` hold plain JSON values and `FreeText`s; None means «was not there»."""

    entity: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SealedText:
    field: str
    salt: str
    text: str
    digest: str


def canonical_json(value: Any) -> str:
    """The one spelling of a value: sorted keys, no spaces, letters as they are."""
    return _SPELLING.encode(value)


_SPELLING = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_quoted = json.encoder.encode_basestring


def digest_of(salt: str, text: str) -> str:
    """The hash under which free text enters the chain: SHA-256(salt ‖ text), hexadecimal."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def text_subject(operation: str, ordinal: int, field: str) -> str:
    """How an operation that erases a text of an item names it: uid of the operation, ordinal of the item, field."""
    return f"{operation}:{ordinal}:{field}"


def sealed_text(field: str, text: str, salt: str) -> SealedText:
    """A free text as it is stored apart, with the hash under which it enters the chain."""
    return SealedText(field, salt, text, digest_of(salt, text))


def seal(item: Item, salts: Any) -> tuple[str, list[SealedText]]:
    """Spell an item canonically, its free texts replaced by their salted hashes.

    `salts()` gives 32 hexadecimal characters. Returns the canonical data and the texts to store apart.
    """
    texts: list[SealedText] = []

    def spelled(side: str, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if values is None:
            return None
        plain: dict[str, Any] = {}
        for name, value in values.items():
            if isinstance(value, FreeText):
                sealed = sealed_text(f"{side}.{name}", value.text, salts())
                texts.append(sealed)
                plain[name] = {"sha256": sealed.digest}
            else:
                plain[name] = value
        return plain

    data = {"before": spelled("before", item.before), "after": spelled("after", item.after)}
    return canonical_json(data), texts


Side = dict[str, Any] | None


def sides_of(data: str) -> tuple[Side, Side]:
    """What an item says of its row (before, after); ({}, {}) where its data are no item's, as the chain then says."""
    try:
        said: Any = json.loads(data)
        before, after = said["before"], said["after"]
    except (ValueError, LookupError, TypeError):
        return {}, {}
    return before, after


def after_of(data: str) -> Side:
    """What an item says of its row afterwards."""
    return sides_of(data)[1]


def canonical_operation(
    *,
    chain: str,
    sequence: int,
    uid: str,
    kind: str,
    author: Author,
    moment: datetime,
    items: str,
    spelling: int = FORMAT,
    reason: str | None = None,
) -> str:
    """The text whose hash is chained: every column of the operation and of its items, in order.

    It is `canonical_json` of an object with these names (a test compares them), put together by hand because every
    operation is spelled when it is appended and again whenever the chain is verified. `items`: by `spelled_items`;
    `spelling`: the format, of `FORMATS`; `reason`: its salted hash. Raises UnknownFormat.
    """
    if spelling not in FORMATS:
        raise UnknownFormat(spelling)
    numbered = "" if spelling == 1 else f'"format":{spelling},'
    why = "" if reason is None or spelling == 1 else f'"reason":{{"sha256":{_quoted(reason)}}},'
    return (
        f'{{"account":{_quoted(author.account)},"chain":{_quoted(chain)},{numbered}"hat":{_quoted(author.hat)},'
        f'"items":[{items}],"kind":{_quoted(kind)},"moment":"{spelled_moment(moment)}",'
        f'"network":{_quoted(author.network)},"origin":{_quoted(author.origin)},{why}"sequence":{sequence},'
        f'"session":{_quoted(author.session)},"uid":{_quoted(uid)}}}'
    )


def spelled_items(items: Iterable[Sequence[str]]) -> str:
    """The items of an operation as they stand in its canonical text. `items`: (entity, subject, data), in order."""
    return ",".join([f"[{_quoted(entity)},{_quoted(subject)},{_quoted(data)}]" for entity, subject, data in items])


def spelled_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def link(previous: str, canonical: str) -> str:
    """h_n = SHA-256(h_{n-1} ‖ canonical text), hexadecimal."""
    return hashlib.sha256((previous + canonical).encode()).hexdigest()
