"""Erasing a person's names, which the law may demand of a school once the person has left it (D-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ais_app.access.models import RoleAssignment
from ais_app.access.service import AccountRef
from ais_app.access.service.closing import erase_logins, erased_login
from ais_app.accounts import queries
from ais_app.accounts.holdings import holdings
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.exchange import imported_ids
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.erasing import erase_texts_of_rows
from ais_app.ledger.kinds import ERASED
from ais_app.ledger.operation import operation
from ais_app.people.names import ERASED_NAME
from ais_app.people.records import PERSON
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor, Right

_assignment = table(RoleAssignment)

NAMELESS = {"family_name": ERASED_NAME, "given_name": ERASED_NAME, "patronymic": "", "birth_date": None}


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased: how many texts of the ledger, and the logins of how many accounts; `kept`: logins that are still
    used, because their accounts have roles as somebody else.
    """

    texts: int
    closed: int
    kept: Sequence[str]


def erase_person(uow: UnitOfWork, actor: Actor, school: SchoolRef, uid: str, reason: str) -> Erasure:
    """Erase the names and the birth date of a person, and the logins of accounts that nobody uses any more.

    In the tables he is «—» from then on; his marks and what he wrote stay. In the ledger every text about him and his
    logins goes, the hashes stay; one operation says so in the chain of the school and one in that of the accounts.
    Raises NotYours, and Refused for a person who still has something in the school, which the sentence names, and
    where nothing is left to erase.
    """
    if not actor.may(Right.ERASE_TEXTS):
        raise NotYours
    ledger.lock(uow, ledger.INSTALLATION)
    ledger.lock(uow, ledger.school_chain(school.uid))
    person = queries.person_of(uow.connection, school, uid)
    today = local_date(uow.now, school.zone)
    if left := holdings(uow.connection, person.id, today):
        text = _("The names cannot be erased as long as this is not over for the person:")
        raise Refused(text + "".join(f"\n  {line}" for line in left))
    named = any(getattr(person, name) != value for name, value in NAMELESS.items())
    accounts = _accounts(uow, person.id)
    roles = queries.roles_of(uow.connection, [one.id for one in accounts])
    unused = [one for one in accounts if all(role.is_over(today) for role in roles[one.id])]
    closing = [one for one in unused if one.login != erased_login(one.uid)]
    if not named and not closing:
        raise Refused(_("The names of this person were erased before."))
    texts = _erase_names(uow, actor, school, person, reason) if named else 0
    texts += erase_logins(uow, actor, [AccountRef(one.id, one.uid) for one in closing], reason)
    gone = [role.uid for one in accounts for role in roles[one.id] if one in unused or role.person_id == person.id]
    imported_ids.forget(uow, [person.uid, *(one.uid for one in unused), *gone])
    return Erasure(texts, len(closing), [one.login for one in accounts if one not in unused])


def _accounts(uow: UnitOfWork, person_id: int) -> list[queries.FoundAccount]:
    """The accounts that ever had a role as this person."""
    held = select(_assignment.c.account_id).where(_assignment.c.person_id == person_id)
    return queries.accounts_by_id(uow.connection, sorted(set(uow.execute(held).scalars())))


def _erase_names(uow: UnitOfWork, actor: Actor, school: SchoolRef, person: Any, reason: str) -> int:
    with operation(uow, actor, ERASED, Right.ERASE_TEXTS, reason, chain=ledger.school_chain(school.uid)) as op:
        erased = erase_texts_of_rows(op, PERSON.name, [person.uid])
        op.overwrite(PERSON, person.id, **NAMELESS)
    return erased
