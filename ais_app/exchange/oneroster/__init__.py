"""OneRoster 1.1 bulk CSV: a folder or zip becomes a working school, all of it or nothing."""

from ais_app.exchange.oneroster.reading import ImportRefused, Problem
from ais_app.exchange.oneroster.writing import Report, import_oneroster

__all__ = ["ImportRefused", "Problem", "Report", "import_oneroster"]
