"""Every kind of operation that is declared so far, by its name in the ledger."""

from ais_app.diary.kinds import KINDS as DIARY
from ais_app.journal.kinds import KINDS as JOURNAL
from ais_app.ledger.kinds import by_name

KINDS = by_name(JOURNAL, DIARY)
