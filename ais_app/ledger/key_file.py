"""The file of the witness's key, and the one beside it that holds the next key until its operation is committed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ais_app import private_files
from ais_app.ledger import witness
from ais_app.ledger.keys import Change
from ais_app.ledger.witness import NoKey


def aside(path: Path) -> Path:
    """Where the next key lies."""
    return path.with_name(f"{path.name}.next")


def make_next(path: Path) -> Ed25519PrivateKey:
    """A new key beside the file, on the disk before its operation is; in place of one that came to nothing.

    Raises OSError.
    """
    aside(path).unlink(missing_ok=True)
    witness.make_key(aside(path))
    private_files.flush(aside(path))
    return witness.loaded(aside(path))


def adopt(path: Path, told: Sequence[Change]) -> None:
    """Put the next key in place of the present one, where the ledger tells of it: after a change, also one that was
    interrupted. Several processes may do so at once. Raises OSError.
    """
    try:
        made = witness.public_key(witness.loaded(aside(path)))
    except (FileNotFoundError, NoKey):
        return
    if any(one.key == made and one.line.fits for one in told):
        with suppress(FileNotFoundError):  # another process was first
            aside(path).replace(path)


def ready(path: Path, told: Sequence[Change], files: Sequence[Path]) -> Ed25519PrivateKey:
    """The key with which a server begins: made where nothing was ever signed. Raises NoKey, OSError.

    A key that is gone while the `files` of the witness have lines is no reason to begin anew in silence.
    """
    adopt(path, told)
    if not path.exists() and any(witness.last_key(one) for one in files):
        raise NoKey(str(path))
    return witness.signing_key(path)
