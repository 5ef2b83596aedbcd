"""OneRoster 1.1 and 1.2 CSV: a folder or zip becomes a working school, and a school a folder or zip."""

from ais_app.exchange.engine import ImportRefused, Problem
from ais_app.exchange.oneroster.exporting import export_oneroster
from ais_app.exchange.oneroster.importing import import_oneroster
from ais_app.exchange.oneroster.report import Report

__all__ = ["ImportRefused", "Problem", "Report", "export_oneroster", "import_oneroster"]
