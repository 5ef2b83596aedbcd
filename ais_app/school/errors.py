"""What can be wrong about a school that is set up."""

from __future__ import annotations

from ais_app.rights.errors import Refused


class BadYear(Refused):
    """Periods that overlap or lie outside their year."""

    code = "year"
