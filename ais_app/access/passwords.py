"""Passwords and one-time codes: hashing, checking, and what a chosen password must be like. CPU-bound: threads."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import cache

import bcrypt

from ais_app.access.errors import PasswordRefused
from ais_app.i18n import _

COST = 12
SHORTEST, SHORTEST_FOR_STAFF, LONGEST = 8, 12, 256
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # 31 signs that cannot be mistaken for each other
CODE_LENGTH = 17  # 17 x log2(31) = 84 bits (D-19: at least 80)

_BCRYPT_LETTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_COMMON = frozenset(
    {"password", "qwerty", "qwertyuiop", "123456789012", "1234567890", "12345678"}
    | {"йцукенгшщзхъ", "пароль", "парольпароль", "школа", "журнал", "дневник"}
)


def _prepared(password: str) -> bytes:
    # bcrypt reads 72 bytes and 5.x raises above that: a digest makes every length count, and holds no NUL.
    return base64.b64encode(hashlib.sha256(password.encode()).digest())


def hash_password(password: str, cost: int = COST) -> str:
    """bcrypt over base64(SHA-256(password)); about 0.25 s at cost 12."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(cost)).decode()


@cache
def decoy(cost: int = COST) -> str:
    """A hash that no password fits: checked when there is no account, so that the time tells nothing (S-23).

    Not computed, or the first unknown login would take twice as long as a known one.
    """
    return bcrypt.gensalt(cost).decode() + "".join(secrets.choice(_BCRYPT_LETTERS) for _number in range(31))


def fits(password: str, password_hash: str) -> bool:
    return bcrypt.checkpw(_prepared(password), password_hash.encode())


def needs_rehash(password_hash: str, cost: int = COST) -> bool:
    """Whether the stored hash was made at another cost than today's."""
    return int(password_hash.split("$")[2]) != cost


def new_code() -> str:
    """A one-time code for a slip, in groups: `abcd-efgh-…`."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _number in range(CODE_LENGTH))
    return "-".join(letters[start : start + 5] for start in range(0, CODE_LENGTH, 5))


def hash_code(code: str) -> str:
    """SHA-256 of a code without its hyphens: random enough to need no slow hash (D-19)."""
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()


def code_fits(code: str, code_hash: str) -> bool:
    return hmac.compare_digest(hash_code(code), code_hash)


def check_chosen(password: str, login: str, *, staff: bool) -> None:
    """Refuse a password that is too short, too long or too easy to guess; no rules of composition.

    Raises PasswordRefused with the reason. Lengths: 12 for staff, 8 for families (NIST SP 800-63B style).
    """
    shortest = SHORTEST_FOR_STAFF if staff else SHORTEST
    if len(password) < shortest:
        raise PasswordRefused(_("The password needs at least {count} characters.").format(count=shortest), "new")
    if len(password) > LONGEST:
        raise PasswordRefused(_("The password is longer than {count} characters.").format(count=LONGEST), "new")
    lowered = password.casefold()
    repeats = len(set(lowered)) < 4
    if repeats or lowered in _COMMON or (len(login) > 3 and login.casefold() in lowered):
        raise PasswordRefused(
            _("This password is easy to guess. Take several words that belong together only for you."), "new"
        )
