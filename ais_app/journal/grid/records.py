"""What of the grid is the record: a cell with its marks and the absence beside them is one row of it."""

from ais_app.i18n import _
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.against_ledger import cell_faults
from ais_app.journal.grid.models import Cell, Mark
from ais_app.ledger.records import Composite

CELL = Composite(
    "cell",
    (Cell, Mark, Attendance),
    lambda: _("Cell"),
    {"value": lambda: _("Value"), "comment": lambda: _("Comment"), "version": lambda: _("Version")},
    cell_faults,
    "ais_app.journal.grid.service.undoing:put_back",
)

RECORDS = (CELL,)
