"""Reading settings: one statement for all values of a school, and each at a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.school_settings import rules
from ais_app.school_settings.models import SettingValue
from ais_app.school_settings.registry import Level, Setting
from ais_app.school_settings.rules import WHOLE_SCHOOL, Dated, Reach, StoredValue, Within

T = TypeVar("T")

_value = table(SettingValue)
_COLUMNS = (_value.c.key, _value.c.reach, _value.c.reach_of, _value.c.value, _value.c.valid_from)
_ORDER = (_value.c.valid_from, _value.c.id)
_OF_SCHOOL = Prepared(select(*_COLUMNS).where(_value.c.school_id == bindparam("school")).order_by(*_ORDER))
_OF_INSTALLATION = Prepared(select(*_COLUMNS).where(_value.c.school_id.is_(None)).order_by(*_ORDER))


@dataclass(frozen=True, slots=True)
class SettingValues:
    """The values of a school, or of the installation, over all time."""

    rows: tuple[StoredValue, ...] = ()

    def at(self, setting: Setting[T], day: date, within: Within = WHOLE_SCHOOL) -> T:
        """The value that holds on a day: the narrowest, else the usual one."""
        return setting.value_of(rules.text_on(self.rows, setting.key, day, within))

    def over_time(self, setting: Setting[T], within: Within = WHOLE_SCHOOL) -> Dated[T]:
        """The value over time, for what is judged by the value of its day."""
        texts = rules.over_time(self.rows, setting.key, within)
        steps = tuple((since, setting.value_of(text)) for since, text in texts.steps)
        return Dated(setting.value_of(texts.first), steps)


def values_of(connection: Connection, school_id: int | None) -> SettingValues:
    """Everything that a school has set; of the installation for None. One statement."""
    rows = (
        _OF_INSTALLATION.all(connection, {}) if school_id is None else _OF_SCHOOL.all(connection, {"school": school_id})
    )
    return SettingValues(
        tuple(StoredValue(row.key, row.value, row.valid_from, Reach(row.reach), row.reach_of) for row in rows)
    )


def value(
    connection: Connection, setting: Setting[T], school_id: int | None, at: date, within: Within = WHOLE_SCHOOL
) -> T:
    """One value at a day. Whoever needs several takes `values_of`."""
    of = None if setting.level is Level.INSTALLATION else school_id
    return values_of(connection, of).at(setting, at, within)
