"""The engine of every import: declared tables, files read within limits, each defect named by file, row and column.

A format declares its tables (`declarations`), gathers their files (`sources`), parses them (`sheets`) and checks that
what they refer to is there. Nothing here knows a format, a school or the database.
"""

from ais_app.exchange.engine.declarations import Column, Kind, Limits, Table
from ais_app.exchange.engine.findings import Code, Findings, ImportRefused, Note, Problem, Value
from ais_app.exchange.engine.sheets import Line, Sheet, check_references, parse
from ais_app.exchange.engine.sources import gather

__all__ = [
    "Code",
    "Column",
    "Findings",
    "ImportRefused",
    "Kind",
    "Limits",
    "Line",
    "Note",
    "Problem",
    "Sheet",
    "Table",
    "Value",
    "check_references",
    "gather",
    "parse",
]
