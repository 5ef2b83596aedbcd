"""Which jobs somebody may see, stop and repeat: those of kinds whose right he has, and that it reaches."""

from __future__ import annotations

from typing import Any

from ais_app.jobs.declared import JobKind
from ais_app.rights.rules import Actor, Scope


def may_reach(actor: Actor, kind: JobKind, job: Any) -> bool:
    """Whether the actor's right reaches this row: all, those of his school, or what he asked for himself."""
    scopes = actor.scopes(kind.right)
    if job.kind != kind.name or not scopes:
        return False
    if Scope.INSTALLATION in scopes:
        return True
    own_school = bool(job.school) and job.school == actor.hat.school_uid
    if Scope.SCHOOL in scopes:
        return own_school
    return own_school and bool(job.account) and job.account == actor.account_uid
