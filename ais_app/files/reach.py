"""Which files somebody may download."""

from __future__ import annotations

from typing import Any

from ais_app.files.purposes import Purpose
from ais_app.rights.rules import Actor, Scope


def may_download(actor: Actor, purpose: Purpose, file: Any) -> bool:
    """Whether the actor's right reaches this row: all, those of his school, or what he stored himself."""
    scopes, own = actor.scopes(purpose.right), bool(file.account) and file.account == actor.account_uid
    if file.purpose != purpose.name or not scopes or (purpose.own and not own):
        return False
    if Scope.INSTALLATION in scopes:
        return True
    own_school = bool(file.school) and file.school == actor.hat.school_uid
    return own_school and (own or Scope.SCHOOL in scopes)
