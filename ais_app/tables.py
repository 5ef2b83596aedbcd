"""Every table of the house, so that migrations and tests see one whole metadata."""

from ais_app.access import models as access
from ais_app.db import topics
from ais_app.diary import models as diary
from ais_app.exchange import models as exchange
from ais_app.journal.attendance import models as attendance
from ais_app.journal.grid import models as grid
from ais_app.journal.lessons import models as lessons
from ais_app.journal.remarks import models as remarks
from ais_app.journal.windows import models as windows
from ais_app.ledger import models as ledger
from ais_app.people import models as people
from ais_app.school import models as school

__all__ = [
    "access",
    "attendance",
    "diary",
    "exchange",
    "grid",
    "ledger",
    "lessons",
    "people",
    "remarks",
    "school",
    "topics",
    "windows",
]
