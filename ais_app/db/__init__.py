"""Database: engines, the unit of work, base columns. Nothing here knows a school."""

from ais_app.db.database import Database
from ais_app.db.unit_of_work import UnitOfWork

__all__ = ["Database", "UnitOfWork"]
