"""What `ais ledger …` asks the running server for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ais_app.access.payload import Payload
from ais_app.db import UnitOfWork
from ais_app.ledger.epochs import open_epoch
from ais_app.ledger.erasing import erase_texts
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.ledger.renewing import renew, replace_lost
from ais_app.rights.rules import operator
from ais_app.server_commands.declared import Writing
from ais_app.settings import settings


class Erasure(Payload):
    """The operation whose free texts are to go, and why."""

    operation: Annotated[str, Field(min_length=1, max_length=32)]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def _erase(uow: UnitOfWork, asked: Erasure) -> dict[str, Any]:
    return {"erased": erase_texts(uow, operator(), asked.operation, asked.reason)}


class NewEpoch(Payload):
    """Why the history goes on from the state that the database has now."""

    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def _open_epoch(uow: UnitOfWork, asked: NewEpoch) -> dict[str, Any]:
    return {"uid": open_epoch(uow, operator(), asked.reason)}


class NewKey(Payload):
    """Why the witness signs with another key, and whether the present one is lost."""

    lost: bool
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def _change_key(uow: UnitOfWork, asked: NewKey) -> dict[str, Any]:
    chosen = settings()
    path = chosen.witness_key_file
    if asked.lost:
        return {"key": replace_lost(uow, operator(), asked.reason, path, chosen.witness_files[0])}
    return {"key": renew(uow, operator(), asked.reason, path)}


ERASE = Writing("ledger.erase", Erasure, _erase)

OPEN_EPOCH = Writing("ledger.open_epoch", NewEpoch, _open_epoch)

CHANGE_KEY = Writing("ledger.change_key", NewKey, _change_key)

REQUESTS = (ERASE, OPEN_EPOCH, CHANGE_KEY)
