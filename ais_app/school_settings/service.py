"""Use cases of settings: give a value from a day on, cancel one that does not hold yet, undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump
from ais_app.i18n import _
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.service import INSTALLATION
from ais_app.ledger.undoing import Part
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school_settings import kinds
from ais_app.school_settings.errors import BadDay, BadValue, HoldsAlready, NothingChanges
from ais_app.school_settings.events import SettingsChanged, feed_of
from ais_app.school_settings.models import SettingValue
from ais_app.school_settings.queries import values_of
from ais_app.school_settings.records import SETTING_VALUE
from ais_app.school_settings.registry import Level, Setting
from ais_app.school_settings.rules import Reach, StoredValue, Within

T = TypeVar("T")
FURTHEST = timedelta(days=366)

_value = table(SettingValue)


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value, as a person typed it, of the actor's school from a day on; `reach` and `of`: for a part of the school.

    `since` is not looked at where the setting is not dated: it holds at once.
    """

    typed: str
    since: date
    reason: str
    reach: Reach = Reach.SCHOOL
    of: str = ""


def may_change(actor: Actor, setting: Setting[Any]) -> bool:
    """Whether the actor changes settings of this level: the school's own, or those of the installation."""
    wanted = Scope.INSTALLATION if setting.level is Level.INSTALLATION else Scope.SCHOOL
    return wanted in actor.scopes(Right.CHANGE_SETTINGS)


def parsed(setting: Setting[T], typed: str) -> T:
    """The value that a person typed. Raises BadValue with the bounds and why they are so."""
    try:
        value = setting.type.typed(typed)
    except ValueError:
        value = None
    if value is None or not setting.type.fits(value):
        allowed = setting.type.range_words()
        text = _("Possible: {bounds}.").format(bounds=allowed) if allowed else _("This is no value of the setting.")
        raise BadValue(f"{text} {setting.bounds()}")
    return value


def change(uow: UnitOfWork, actor: Actor, setting: Setting[Any], new: NewValue) -> str:
    """Give a setting a value from a day on; returns the uid of the operation.

    Raises NotYours, ReasonMissing, BadValue, BadDay, NothingChanges.
    """
    if not may_change(actor, setting) or (new.reach is not Reach.SCHOOL and new.reach not in setting.reaches):
        raise NotYours
    with _changing(uow, actor, setting, kinds.SETTING_CHANGED, new.reason) as op:
        op.need_reason()
        value = parsed(setting, new.typed)
        today = op.reading.today
        since = new.since if setting.dated else _at_once(op, setting)
        if setting.dated and not today < since <= today + FURTHEST:
            raise BadDay
        _write(op, setting, new, setting.type.spell(value), since)
        _announce(op)
    return op.uid


def take_usual(uow: UnitOfWork, actor: Actor, settings: Sequence[Setting[Any]], reason: str) -> str:
    """Give settings their usual values again, as one operation; returns its uid.

    A dated one has it from tomorrow on, and what was to hold later is cancelled; the others at once. Those that the
    actor may not change are left as they are. Raises NotYours (he may change none), ReasonMissing, NothingChanges.
    """
    mine = [one for one in settings if may_change(actor, one)]
    if not mine:
        raise NotYours
    with _changing(uow, actor, mine[0], kinds.SETTING_CHANGED, reason) as op:
        op.need_reason()
        changed = [_take_usual(op, one) for one in mine]
        if not any(changed):
            raise NothingChanges
        _announce(op)
    return op.uid


def _take_usual(op: Operation, setting: Setting[Any]) -> bool:
    """Whether that changes anything."""
    school_id, today = op.actor.hat.school_id, op.reading.today
    since = today + timedelta(days=1) if setting.dated else _at_once(op, setting)
    is_usual = values_of(op.uow.connection, school_id).at(setting, today) == setting.usual
    later = op.uow.execute(
        select(_value.c.id).where(
            _of(school_id),
            _value.c.key == setting.key,
            _value.c.reach == Reach.SCHOOL.value,
            _value.c.valid_from > (today if is_usual else since),
        )
    ).scalars()
    found = list(later)
    if found:
        op.delete_all(SETTING_VALUE, found)
    try:
        _write(op, setting, NewValue("", since, ""), setting.type.spell(setting.usual), since)
    except NothingChanges:
        return bool(found)
    return True


def _at_once(op: Operation, setting: Setting[Any]) -> date:
    """Today; of an installation, whose schools have several zones, by UTC."""
    return op.now.date() if setting.level is Level.INSTALLATION else op.reading.today


def _write(op: Operation, setting: Setting[Any], new: NewValue, text: str, since: date) -> None:
    """Insert the row of a day, or change the one that is there already. Raises NothingChanges."""
    school_id = op.actor.hat.school_id
    row = op.uow.execute(
        select(_value.c.id).where(
            _of(school_id),
            _value.c.key == setting.key,
            _value.c.reach == new.reach,
            _value.c.reach_of == new.of,
            _value.c.valid_from == since,
        )
    ).one_or_none()
    held = values_of(op.uow.connection, school_id).at(setting, since, _within(new))
    if setting.value_of(text) == held:
        raise NothingChanges
    if row is not None:
        op.update(SETTING_VALUE, row.id, value=text)
        return
    stored = StoredValue(setting.key, text, since, new.reach, new.of)
    op.insert(SETTING_VALUE, row_of(school_id, stored))


def _of(school_id: int | None) -> ColumnElement[bool]:
    return _value.c.school_id.is_(None) if school_id is None else _value.c.school_id == school_id


def _within(new: NewValue) -> Within:
    return Within(**({new.reach.value: new.of} if new.reach is not Reach.SCHOOL else {}))


def row_of(school_id: int | None, stored: StoredValue) -> dict[str, Any]:
    """A stored value as {column: value} of its row."""
    return {
        "school_id": school_id,
        "key": stored.key,
        "reach": stored.reach.value,
        "reach_of": stored.of,
        "value": stored.value,
        "valid_from": stored.valid_from,
    }


def rows_of(school_id: int, values: Sequence[StoredValue]) -> list[dict[str, Any]]:
    """The rows of the values that a school begins with."""
    return [row_of(school_id, stored) for stored in values]


def cancel(uow: UnitOfWork, actor: Actor, setting: Setting[Any], since: date) -> str:
    """Cancel the value that is to hold from a day on; possible until the evening before it.

    Returns the uid of the operation. Raises NotYours (no such value), HoldsAlready.
    """
    if not may_change(actor, setting):
        raise NotYours
    with _changing(uow, actor, setting, kinds.SETTING_CANCELLED, "") as op:
        ids = op.uow.execute(
            select(_value.c.id).where(
                _of(op.actor.hat.school_id),
                _value.c.key == setting.key,
                _value.c.reach == Reach.SCHOOL.value,
                _value.c.valid_from == since,
            )
        ).scalars()
        found = list(ids)
        if not found:
            raise NotYours
        if since <= op.reading.today:
            raise HoldsAlready
        op.delete_all(SETTING_VALUE, found)
        _announce(op)
    return op.uid


def undo(op: Operation, part: Part) -> None:
    """Undo a change or its cancelling while its value does not hold yet. Raises HoldsAlready."""
    rows = {item.subject for item in part.items}
    days = set(op.uow.execute(select(_value.c.valid_from).where(_value.c.uid.in_(rows))).scalars())
    days |= {
        date.fromisoformat(side["valid_from"])
        for item in part.items
        for side in (item.before, item.after)
        if side and "valid_from" in side
    }
    if any(day <= op.reading.today for day in days):
        raise HoldsAlready
    part.put_back(op)
    _announce(op)


def _changing(uow: UnitOfWork, actor: Actor, setting: Setting[Any], kind: Kind, reason: str) -> Operation:
    """The operation, in the chain of the school or of the installation."""
    chain = INSTALLATION if setting.level is Level.INSTALLATION else ""
    return operation(uow, actor, kind, Right.CHANGE_SETTINGS, reason, chain=chain)


def _announce(op: Operation) -> None:
    school = op.actor.hat.school_uid
    op.announce(SettingsChanged(school, bump(op.uow, feed_of(school))))
