"""The installation's secret key: from the settings, or made once and kept in the data folder; not in the database."""

from __future__ import annotations

import hmac
import secrets

from ais_app import private_files
from ais_app.settings import Settings

FILE_NAME, BYTES = "secret.key", 32


def secret_key(settings: Settings) -> bytes:
    """The key that all processes of the installation share. Raises OSError when it can neither be read nor made."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data / FILE_NAME
    if not path.exists():
        private_files.make_once(path, secrets.token_hex(BYTES).encode())
    private_files.close(path)
    return path.read_bytes()


def derived(key: bytes, purpose: str) -> bytes:
    """A key for one purpose: a signature made for one does not fit another."""
    return hmac.digest(key, purpose.encode(), "sha256")
