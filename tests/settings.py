"""Settings of a school under test, as if it had been opened with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger.kinds import Kind
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import operator
from ais_app.school.service.operation import setting_up
from ais_app.school_settings.models import SettingValue
from ais_app.school_settings.records import SETTING_VALUE
from ais_app.school_settings.registry import Setting
from ais_app.school_settings.rules import StoredValue
from ais_app.school_settings.service import rows_of

_SET = Kind("settings_tried", lambda: "Settings were tried", without=lambda: "It only happens in tests.")
_value = table(SettingValue)


def begin_with(database: Database, school: SchoolRef, setting: Setting[Any], value: Any) -> None:
    """Let a value hold for all days, by an operation of the school's chain."""
    write_values(database, school, [setting.stored(value)])


def write_values(database: Database, school: SchoolRef, values: list[StoredValue]) -> None:
    """Write values of a school, whatever their days; they replace what stood there from the same day."""

    def write(uow: UnitOfWork) -> None:
        with setting_up(uow, operator(), school, _SET) as op:
            for stored in values:
                same = _value.c.key == stored.key, _value.c.valid_from == stored.valid_from
                ids = op.uow.execute(select(_value.c.id).where(_value.c.school_id == school.id, *same)).scalars()
                op.delete_all(SETTING_VALUE, list(ids))
            op.insert_all(SETTING_VALUE, rows_of(school.id, values))

    database.write(write)
