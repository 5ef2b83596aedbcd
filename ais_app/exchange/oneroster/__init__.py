"""OneRoster 1.1 and 1.2 CSV: import of a school from a folder or zip, and export to one."""

from ais_app.exchange.engine import ImportRefused, Problem
from ais_app.exchange.oneroster.exporting import export_oneroster
from ais_app.exchange.oneroster.homerooms import Answers, HomeroomsUnknown, read_mapping, write_questions
from ais_app.exchange.oneroster.importing import compute, import_oneroster
from ais_app.exchange.oneroster.report import Report, report_lines

__all__ = [
    "Answers",
    "HomeroomsUnknown",
    "ImportRefused",
    "Problem",
    "Report",
    "compute",
    "export_oneroster",
    "import_oneroster",
    "read_mapping",
    "report_lines",
    "write_questions",
]
