"""Changing the key of the witness: an operation of the installation's chain, signed over the head that it follows.

The next key lies beside the present one until the operation is committed; `key_file.adopt` puts it in its place then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.ledger import epochs, key_file, keys, service, witness
from ais_app.ledger.kinds import Kind
from ais_app.ledger.rules import Item, spelled_moment
from ais_app.ledger.witness import NoKey, Seen
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Author

KEY_RENEWED = Kind(
    "witness_key_renewed",
    lambda: _("The key of the witness was renewed"),
    without=lambda: _("The older key signs nothing any more."),
)


def renew(uow: UnitOfWork, author: Author, reason: str, path: Path) -> str:
    """Change the key in `path`: the operation is signed by it and by the new one. Returns the new public key.

    The right is the caller's affair. Raises Refused without a key that can be read, without room for another one, and
    while the last change is not finished.
    """
    former = _present(path)
    if former is None:
        raise Refused(gone(path))
    change = _begun(uow, witness.public_key(former))
    new = _made(path)
    key = witness.public_key(new)
    seen = change.seen(next=key)
    item = change.item(key, {"signature": former.sign(seen).hex(), "countersignature": new.sign(seen).hex()})
    change.append(uow, author, KEY_RENEWED, item, reason)
    return key


def replace_lost(uow: UnitOfWork, author: Author, reason: str, path: Path, file: Path) -> str:
    """Say that the key in `path` is lost, and open an epoch with another one; returns the new public key.

    The lost key is the last one in the `file` of the witness. Raises Refused as `renew`, and when the key is there.
    """
    if _present(path) is not None:
        raise Refused(_("The key of the witness is there and can be read: renew it with --renew."))
    change = _begun(uow, witness.last_key(file))
    new = _made(path)
    key = witness.public_key(new)
    item = change.item(key, {"signature": new.sign(change.seen(lost=change.former)).hex(), "lost": True})
    change.append(uow, author, epochs.EPOCH, item, reason)
    return key


def gone(path: Path) -> str:
    """The sentence for a key that is not there though it was, or cannot be read."""
    text = _(
        "The key of the witness is gone or damaged: {path}. Put the file back, or say that it is lost: "
        "`ais ledger key --lost --reason …`."
    )
    return text.format(path=path)


def _present(path: Path) -> Ed25519PrivateKey | None:
    try:
        return witness.loaded(path)
    except (OSError, NoKey):
        return None


def _made(path: Path) -> Ed25519PrivateKey:
    try:
        return key_file.make_next(path)
    except OSError as error:
        text = _("The new key cannot be written beside {path}: {error}")
        raise Refused(text.format(path=path, error=error.strerror)) from error


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the key `former`, at the head that every chain has at `moment`, all of them locked."""

    former: str
    installation: service.Chain
    chains: Sequence[Item]
    moment: datetime

    def seen(self, **change: str) -> bytes:
        """What is signed: the head that the operation will follow, its moment, and the change."""
        head = self.installation
        return Seen(head.chain_id, head.sequence, head.head, spelled_moment(self.moment), **change).spelled()

    def item(self, key: str, signed: Mapping[str, Any]) -> Item:
        return Item(keys.ENTITY, key, {"key": self.former}, signed)

    def append(self, uow: UnitOfWork, author: Author, kind: Kind, item: Item, reason: str) -> None:
        entry = service.Entry(author, kind.name, [*self.chains, item], reason=reason, moment=self.moment)
        service.append_entry(uow, self.installation, entry)


def _begun(uow: UnitOfWork, former: str) -> _Change:
    """A change of this key; "" = nobody knows which one it was. Raises Refused when it was changed already."""
    installation, chains = epochs.state(uow)
    if former and any(one.former == former for one in keys.changes(uow.connection)):
        raise Refused(_("The last change of the key is not finished yet: try again."))
    return _Change(former, installation, chains, uow.now)
