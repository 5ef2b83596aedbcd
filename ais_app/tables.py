"""Every table of the house, so that migrations and tests see one whole metadata."""

from ais_app.access import models as access
from ais_app.db import topics
from ais_app.diary import models as diary
from ais_app.exchange import models as exchange
from ais_app.journal import models as journal
from ais_app.ledger import models as ledger
from ais_app.people import models as people
from ais_app.school import models as school

__all__ = ["access", "diary", "exchange", "journal", "ledger", "people", "school", "topics"]
