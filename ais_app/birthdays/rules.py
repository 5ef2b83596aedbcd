"""When a birthday is kept."""

from __future__ import annotations

from datetime import date


def next_birthday(born: date, today: date) -> date:
    """The first birthday on `today` or later; one of 29 February is kept on 1 March of a common year."""
    found = _in_year(born, today.year)
    return found if found >= today else _in_year(born, today.year + 1)


def age_on(born: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born.year - (day < _in_year(born, day.year))


def _in_year(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
