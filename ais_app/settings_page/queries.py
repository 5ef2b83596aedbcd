"""Reads of the page: values with their authors and reasons, and the next grading period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import INSTALLATION, school_chain
from ais_app.people.queries import names_of
from ais_app.rights.reading import Reading
from ais_app.school.models import GradingPeriod, PeriodScheme
from ais_app.school_settings.models import SettingValue
from ais_app.school_settings.queries import SettingValues, values_of
from ais_app.school_settings.records import SETTING_VALUE
from ais_app.school_settings.registry import Level, Setting
from ais_app.school_settings.rules import Reach

_value, _period, _scheme = table(SettingValue), table(GradingPeriod), table(PeriodScheme)


@dataclass(frozen=True, slots=True)
class SetValue:
    """A stored value, and who wrote it when and why; nothing of that where it came with the school.

    `hat`: the author's, for who has no name.
    """

    text: str
    since: date
    who: str = ""
    hat: str = ""
    at: datetime | None = None
    reason: str = ""


def values_by_level(reading: Reading) -> dict[Level, SettingValues]:
    """The values of the actor's school, and of the installation."""
    return {
        Level.SCHOOL: values_of(reading.connection, reading.hat.school_id)
        if reading.hat.school_id is not None
        else SettingValues(),
        Level.INSTALLATION: values_of(reading.connection, None),
    }


def values_set(reading: Reading, setting: Setting[object]) -> list[SetValue]:
    """Every value of a setting for the whole school or the installation, by its day."""
    of_installation = setting.level is Level.INSTALLATION
    school = None if of_installation else reading.hat.school_id
    if school is None and not of_installation:
        return []
    rows = reading.execute(
        select(_value)
        .where(
            _value.c.school_id.is_(None) if school is None else _value.c.school_id == school,
            _value.c.key == setting.key,
            _value.c.reach == Reach.SCHOOL.value,
        )
        .order_by(_value.c.valid_from)
    ).all()
    chain = INSTALLATION if of_installation else school_chain(reading.hat.school_uid)
    steps = ledger.histories(reading.connection, chain, SETTING_VALUE.name, [row.uid for row in rows])
    last = {uid: of_row[-1] for uid, of_row in steps.items()}
    reasons = ledger.reasons(reading.connection, [step.operation for step in last.values()])
    people = {step.hat.rpartition(":")[2] for step in last.values()} - {"-", ""}
    names = names_of(reading.connection, people)
    found: list[SetValue] = []
    for row in rows:
        step = last.get(row.uid)
        if step is None:
            found.append(SetValue(row.value, row.valid_from))
            continue
        who = names.get(step.hat.rpartition(":")[2], "")
        why = reasons.get(step.operation, "")
        found.append(SetValue(row.value, row.valid_from, who, step.hat, step.moment, why))
    return found


def next_period(reading: Reading) -> tuple[date, str] | None:
    """(first day, name) of the grading period of the school that begins next; of several the first scheme's."""
    row = reading.execute(
        select(_period.c.starts_on, _period.c.name)
        .join(_scheme, _scheme.c.id == _period.c.scheme_id)
        .where(_scheme.c.school_id == reading.hat.school_id, _period.c.starts_on > reading.today)
        .order_by(_period.c.starts_on, _scheme.c.id)
        .limit(1)
    ).first()
    return None if row is None else (row.starts_on, row.name)
