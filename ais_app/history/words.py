"""Operations in plain words: kinds, rows and fields from their declarations, values as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import Date, Time

from ais_app.access.labels import role_name
from ais_app.db.columns import UtcDateTime
from ais_app.declared_settings import SETTINGS
from ais_app.history.queries.items import Sealed, Touched
from ais_app.history.queries.names import MOST_PARTS, NOT_NAMING, Named, Ref, refs_of
from ais_app.i18n import _, full_date, p_, weekday
from ais_app.job_kinds import JOB_KINDS
from ais_app.journal.grid import codes
from ais_app.kinds import KINDS
from ais_app.ledger.kinds import Words
from ais_app.ledger.records import Record
from ais_app.records import RECORDS
from ais_app.rights.rules import Role

CELL = "cell"
EMPTY = "—"
_REASON = re.compile("|".join(codes.of(codes.Sort.REASON)))

# Entities that are no table of the record, and how older operations called some that are.
_OTHER_ENTITIES: Mapping[str, Words] = {
    "class": RECORDS["school_class"].words,
    "export": lambda: _("Export"),
    "group": RECORDS["study_group"].words,
    "hat": lambda: _("Role"),
    "job": lambda: _("Job"),
    "ledger_chain": lambda: _("Chain"),
    "operation_reason": lambda: _("Reason of an operation"),
    "operation_text": lambda: _("Text of an operation"),
    "operations": lambda: p_("page", "Operations"),
    "reason": lambda: _("Reason"),
    "excuse": lambda: _("Reason of an absence"),
    "timetable": RECORDS["timetable_version"].words,
    "year": RECORDS["academic_year"].words,
}
# Fields that no declaration has: of older operations, and of what is no row.
_OTHER_FIELDS: Mapping[str, Words] = {
    "accounts": lambda: _("Accounts"),
    "blocked": lambda: _("Blocked"),
    "after": lambda: _("After the number"),
    "author": lambda: _("Author"),
    "before": lambda: _("Before the number"),
    "closed": lambda: _("Closed"),
    "due": lambda: _("Due"),
    "entity": lambda: _("Table"),
    "first": lambda: _("From day"),
    "format": lambda: _("Format"),
    "from": lambda: _("From"),
    "homework": lambda: _("Homework"),
    "job_kind": lambda: _("Kind of job"),
    "kind": lambda: _("Kind of operation"),
    "last": lambda: _("To day"),
    "lessons": lambda: _("Lessons"),
    "minutes": lambda: _("Minutes"),
    "name": lambda: _("Name"),
    "nothing_set": lambda: _("Nothing is set"),
    "opening": lambda: _("Opening"),
    "operation": lambda: _("Operation"),
    "person": lambda: _("Person"),
    "role": lambda: _("Role"),
    "roles": lambda: _("Roles"),
    "rows": lambda: _("Rows"),
    "school_class": lambda: _("Class"),
    "state": lambda: _("State"),
    "student": lambda: _("Student"),
    "subject": lambda: _("Row"),
    "taken_back": lambda: _("Taken back"),
    "text": lambda: _("Text"),
    "to": lambda: _("Before"),
    "topic": lambda: _("Topic"),
    "type": lambda: _("Kind of work"),
    "withdrawn": lambda: _("Taken back"),
    "work": lambda: _("Column"),
}
# {field that no declaration has: the table to which it refers}.
_OTHER_REFERENCES = {
    **dict.fromkeys(("student", "person", "guardian"), "person"),
    **{name: name for name in ("course", "lesson", "opening", "work")},
    "type": "control_type",
    "school_class": "school_class",
}
_VERDICTS: Mapping[str, Words] = {
    "": lambda: _("waits for an answer"),
    "granted": lambda: _("granted"),
    "declined": lambda: _("declined"),
    "withdrawn": lambda: _("taken back"),
}
_STATES: Mapping[str, Words] = {
    "waiting": lambda: p_("job", "waits"),
    "running": lambda: p_("job", "runs"),
    "done": lambda: p_("job", "done"),
    "failed": lambda: p_("job", "failed"),
    "stopped": lambda: p_("job", "stopped"),
}
# Texts that say nothing of a person: what a watched reader may read. Everything else that was typed is closed to him.
_OF_THE_SCHOOL = frozenset(
    {
        *("academic_year", "period_scheme", "grading_period", "holiday", "bell_schedule", "subject", "study_group"),
        *("school_class", "control_type", "course", "setting_value"),
    }
)
_PLAIN_TEXTS = frozenset({("role_assignment", "role"), ("opening_request", "verdict"), ("school", "zone")})


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a row, before and after; `cell`: both are texts of a cell, which are coloured."""

    label: str
    before: str
    after: str
    cell: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """Says values for one reader: in the zone of his school; `watched`: without names and texts that were typed."""

    zone: str
    watched: bool
    names: Named

    def row(self, entity: str, refs: Iterable[Ref]) -> str:
        """«Урок: Алгебра, 7А, 12 ноября, 3-й урок»."""
        called = ", ".join(self.names[ref] for ref in refs if ref in self.names)
        return f"{entity_in_words(entity)}: {called}" if called else entity_in_words(entity)

    def row_of(self, touched: Touched) -> str:
        """The same of an item; a row that has no name is called by the first others that it names."""
        own = [ref for ref in refs_of(touched.entity, touched.subject) if ref in self.names]
        others = dict.fromkeys(ref for ref in refs_in(touched) if ref in self.names and ref.table not in NOT_NAMING)
        return self.row(touched.entity, own or list(others)[:MOST_PARTS])

    def changes(self, touched: Touched) -> list[Change]:
        """The fields of a row that an operation changed, in the order of their declaration."""
        before, after = touched.before or {}, touched.after or {}
        both = touched.before is not None and touched.after is not None
        return [
            Change(
                field_in_words(touched.entity, name),
                self.value(touched.entity, name, before.get(name)) if touched.before is not None else "",
                self.value(touched.entity, name, after.get(name)) if touched.after is not None else "",
                cell=touched.entity == CELL and name == "value",
            )
            for name in fields_of(touched)
            if not (both and _is_same(before.get(name), after.get(name)))
        ]

    def moment(self, moment: datetime, *, seconds: bool = False) -> str:
        """«12.11.2026, 11:20»."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return (
            f"{full_date(local.date())}, {local:%H:%M:%S}" if seconds else f"{full_date(local.date())}, {local:%H:%M}"
        )

    def value(self, entity: str, name: str, value: Any) -> str:
        if value is None:
            return EMPTY
        if isinstance(value, Sealed):
            return self._text(entity, name, value)
        if entity == CELL and name == "value":
            return self._cell(str(value))
        target = reference_of(entity, name)
        if target is not None:
            return self.names.get(Ref(target, str(value))) or (EMPTY if not value else entity_in_words(target))
        return self._plain(entity, name, value)

    def _text(self, entity: str, name: str, sealed: Sealed) -> str:
        if self.watched:
            return _("text is closed")
        if sealed.text is None:
            return _("erased")
        return self._plain(entity, name, sealed.text) if sealed.text else EMPTY

    def _cell(self, text: str) -> str:
        return (_REASON.sub(_("reason"), text) if self.watched else text) or EMPTY

    def _plain(self, entity: str, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int):
            return weekday(date(2024, 1, value)) if name == "weekday" and 1 <= value <= 7 else str(value)
        if isinstance(value, dict | list):
            return _("text is closed") if self.watched else _listed(value)
        return self._spelled(entity, name, str(value))

    def _spelled(self, entity: str, name: str, text: str) -> str:
        if not text and name != "verdict":
            return EMPTY
        kind = type_of(entity, name)
        with suppress(ValueError):
            if kind is Date or (kind is None and len(text) == 10):
                return full_date(date.fromisoformat(text))
            if kind is UtcDateTime or (kind is None and len(text) > 24):
                return self.moment(datetime.fromisoformat(text))
        if kind is Time:
            return text[:5]
        if self.watched and not (entity in _OF_THE_SCHOOL or (entity, name) in _PLAIN_TEXTS):
            return _("text is closed")
        return _coded(name, text)


def _is_same(before: Any, after: Any) -> bool:
    """Whether a field did not change; of texts that were erased nobody knows."""
    erased = isinstance(before, Sealed) and before.text is None
    return before == after and not erased


def kind_in_words(name: str) -> str:
    declared = KINDS.get(name)
    return declared.words() if declared is not None else _("Operation «{name}»").format(name=name)


def entity_in_words(name: str) -> str:
    record = RECORDS.get(name)
    words = record.words if record is not None else _OTHER_ENTITIES.get(name)
    return words() if words is not None else _("Row «{name}»").format(name=name)


def field_in_words(entity: str, name: str) -> str:
    record = RECORDS.get(entity)
    words = (record.fields.get(name) if record is not None else None) or _OTHER_FIELDS.get(name)
    return words() if words is not None else name


def hat_in_words(hat: str) -> str:
    """The role of an author, of the key of his hat."""
    worn = hat.partition(":")[0]
    if worn == "teaching":
        return role_name(Role.TEACHER)
    return role_name(Role(worn)) if worn in set(Role) else ""


def person_of(hat: str) -> str:
    """The uid of the person who an author is; "" where he is none of a school."""
    uid = hat.rpartition(":")[2]
    return "" if uid == "-" else uid


def fields_of(touched: Touched) -> Iterator[str]:
    """The names of the fields of an item, without the counters of versions."""
    named = {**(touched.before or {}), **(touched.after or {})}
    record = RECORDS.get(touched.entity)
    declared = [name for name in record.fields if name in named] if record is not None else []
    for name in [*declared, *(name for name in named if name not in declared)]:
        if name != "version":
            yield name


def refs_in(touched: Touched) -> Iterator[Ref]:
    """The rows that the values of an item name."""
    for side in (touched.before, touched.after):
        for name, value in (side or {}).items():
            target = reference_of(touched.entity, name)
            if target is not None and value and isinstance(value, str):
                yield Ref(target, value)


def reference_of(entity: str, name: str) -> str | None:
    """The table to which a field refers."""
    record = RECORDS.get(entity)
    if isinstance(record, Record) and name in record.fields:
        return record.references.get(record.columns[name].name)
    return _OTHER_REFERENCES.get(name)


def type_of(entity: str, name: str) -> Any:
    """The type of a field's column; None where no declaration has it."""
    record = RECORDS.get(entity)
    if not isinstance(record, Record) or name not in record.columns:
        return None
    return type(record.columns[name].type)


def _coded(name: str, text: str) -> str:
    if name == "verdict" and text in _VERDICTS:
        return _VERDICTS[text]()
    if name == "state" and text in _STATES:
        return _STATES[text]()
    if name == "job_kind":
        return _job_in_words(text)
    if name == "key" and text in SETTINGS:
        return SETTINGS[text].words()
    if name == "kind" and text in KINDS:
        return KINDS[text].words()
    return role_name(Role(text)) if name == "role" and text in set(Role) else text


def _job_in_words(name: str) -> str:
    """What a kind of job is called, where nothing more is known of it."""
    kind = JOB_KINDS.get(name)
    try:
        return name if kind is None else kind.words(kind.payload())
    except ValidationError:
        return name


def _listed(value: Any) -> str:
    """A structure of an older operation, of an export: «people 120, marks 3 000»."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_listed(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_listed(one) for one in value)
    return str(value)
