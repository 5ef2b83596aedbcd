"""Changing the key of the witness: an operation of the installation's chain, signed over the head that it follows.

The next key lies beside the present one until the operation is committed; `key_file.adopt` puts it in its place then.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.ledger import epochs, key_file, keys, service, witness
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.rules import Item, spelled_moment
from ais_app.ledger.witness import NoKey, Seen
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Actor, Right

KEY_RENEWED = Kind(
    "witness_key_renewed",
    lambda: _("The key of the witness was renewed"),
    without=lambda: _("The older key signs nothing any more."),
)


def renew(uow: UnitOfWork, actor: Actor, reason: str, path: Path) -> str:
    """Change the key in `path`: the operation is signed by it and by the new one. Returns the new public key.

    Raises NotYours, and Refused without a key that can be read, without room for another one, and while the last change
    is not finished.
    """
    former = _present(path)
    if former is None:
        raise Refused(gone(path))
    with operation(uow, actor, KEY_RENEWED, Right.KEEP_LEDGER, reason, chain=service.INSTALLATION) as op:
        public = witness.public_key(former)
        _require_first(op, public)
        new = _made(path)
        key = witness.public_key(new)
        seen = _seen(op, next=key)
        signed = {"signature": former.sign(seen).hex(), "countersignature": new.sign(seen).hex()}
        op.add(*epochs.heads_of_all(op), Item(keys.ENTITY, key, {"key": public}, signed))
    return key


def replace_lost(uow: UnitOfWork, actor: Actor, reason: str, path: Path, file: Path) -> str:
    """Say that the key in `path` is lost, and open an epoch with another one; returns the new public key.

    The lost key is the last one in the `file` of the witness. Raises like `renew`, and Refused when the key is there.
    """
    if _present(path) is not None:
        raise Refused(_("The key of the witness is there and can be read: renew it with --renew."))
    with operation(uow, actor, epochs.EPOCH, Right.KEEP_LEDGER, reason, chain=service.INSTALLATION) as op:
        former = witness.last_key(file)
        _require_first(op, former)
        new = _made(path)
        key = witness.public_key(new)
        signed = {"signature": new.sign(_seen(op, lost=former)).hex(), "lost": True}
        op.add(*epochs.heads_of_all(op), Item(keys.ENTITY, key, {"key": former}, signed))
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


def _require_first(op: Operation, former: str) -> None:
    """Raise Refused when this key was changed already; "" = nobody knows which one it was."""
    if former and any(one.former == former for one in keys.changes(op.uow.connection)):
        raise Refused(_("The last change of the key is not finished yet: try again."))


def _seen(op: Operation, **change: str) -> bytes:
    """What is signed: the head that the operation will follow, its moment, and the change."""
    return Seen(op.chain.chain_id, op.chain.sequence, op.chain.head, spelled_moment(op.now), **change).spelled()
