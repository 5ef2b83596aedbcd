"""What happens to files, in the ledger."""

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

FILE_DOWNLOADED = Kind(
    "file_downloaded",
    lambda: _("A file was downloaded"),
    without=lambda: _("What was downloaded cannot be called back."),
)

KINDS = (FILE_DOWNLOADED,)
