"""Who did an operation, in words."""

from __future__ import annotations

from collections.abc import Iterable

from ais_app.history import words
from ais_app.history.queries.listing import OperationRow
from ais_app.history.queries.names import Ref
from ais_app.history.words import Teller
from ais_app.i18n import _

OPERATOR = "operator"  # whoever gives commands on the server


def author_in_words(teller: Teller, row: OperationRow) -> str:
    """«Орлова Н. В.»; without a name the role; who gives commands on the server is called so."""
    if row.account == OPERATOR:
        return _("Server console")
    role = words.hat_in_words(row.hat)
    if teller.watched:
        return role
    return teller.names.get(_author(row)) or role


def authors_of(rows: Iterable[OperationRow]) -> list[Ref]:
    return [_author(row) for row in rows]


def _author(row: OperationRow) -> Ref:
    person = words.person_of(row.hat)
    return Ref("person", person) if person else Ref("account", row.account)
