"""What rows are called for this reader: «Орлова Н. В.», «Алгебра, 7А, 12 ноября, 3-й урок», from their uids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import SQLModel

from ais_app.access.models import Account
from ais_app.db.columns import pairs, table
from ais_app.declared_settings import SETTINGS
from ais_app.history.queries import pupils
from ais_app.i18n import _, day_and_month
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.ledger.records import Composite, Record
from ais_app.people.queries import names_of
from ais_app.records import RECORDS
from ais_app.rights.reading import Reading
from ais_app.school.models import ControlType, Course, SchoolClass
from ais_app.school_settings.models import SettingValue

AT_ONCE = 500
MOST_PARTS = 2  # other rows by which a row without a name is called
NOT_NAMING = frozenset({"school", "academic_year"})  # the same for nearly all rows

_account, _course, _class = table(Account), table(Course), table(SchoolClass)
_lesson, _work, _type = table(Lesson), table(Work), table(ControlType)
_value = table(SettingValue)


class Ref(NamedTuple):
    """A row of a table."""

    table: str
    uid: str


Named = Mapping[Ref, str]


def named(reading: Reading, refs: Iterable[Ref]) -> dict[Ref, str]:
    """{row: what it is called}, of those that are there. Who is watched reads numbers and roles for persons."""
    found: dict[Ref, str] = {}
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        wanted.setdefault(ref.table, set()).add(ref.uid)
    for name, uids in wanted.items():
        own = _OWN.get(name, _by_record)
        for start in range(0, len(uids), AT_ONCE):
            some = sorted(uids)[start : start + AT_ONCE]
            found |= {Ref(name, uid): text for uid, text in own(reading, name, some).items() if text}
    return found


def refs_of(entity: str, subject: str) -> list[Ref]:
    """The rows that the subject of an item names: the row itself, or those of which its key is made."""
    record = RECORDS.get(entity)
    parts = subject.split(":")
    if isinstance(record, Composite):
        return [Ref(name, part) for name, part in zip(("person", "work"), parts, strict=False)]
    if record is None or record.key == ("uid",):
        return [Ref(entity, subject)] if record is not None else []
    keyed = zip(record.key, parts, strict=False)
    return [Ref(record.references[column], part) for column, part in keyed if column in record.references]


def _people(reading: Reading, _name: str, uids: Sequence[str]) -> dict[str, str]:
    if reading.hat.is_watched:
        return pupils.numbered(reading, uids)
    return names_of(reading.connection, set(uids))


def _accounts(reading: Reading, _name: str, uids: Sequence[str]) -> dict[str, str]:
    if reading.hat.is_watched:
        return {}
    return pairs(reading.execute(select(_account.c.uid, _account.c.login).where(_account.c.uid.in_(uids))))


def _courses(reading: Reading, _name: str, uids: Sequence[str]) -> dict[str, str]:
    rows = reading.execute(
        select(_course.c.uid, _course.c.name, _class.c.name.label("class_name"))
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(_course.c.uid.in_(uids))
    )
    return {row.uid: _course_in_words(row.name, row.class_name) for row in rows}


def _lessons(reading: Reading, _name: str, uids: Sequence[str]) -> dict[str, str]:
    rows = reading.execute(select(_lesson.c.uid, *_LESSON).select_from(_LESSONS).where(_lesson.c.uid.in_(uids)))
    return {row.uid: _lesson_in_words(row) for row in rows}


def _settings(reading: Reading, _name: str, uids: Sequence[str]) -> dict[str, str]:
    rows = reading.execute(select(_value.c.uid, _value.c.key).where(_value.c.uid.in_(uids)))
    return {row.uid: SETTINGS[row.key].words() for row in rows if row.key in SETTINGS}


def _works(reading: Reading, _name: str, uids: Sequence[str]) -> dict[str, str]:
    rows = reading.execute(
        select(_work.c.uid, _type.c.name.label("kind"), *_LESSON)
        .select_from(_LESSONS.join(_work, _work.c.lesson_id == _lesson.c.id))
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.uid.in_(uids))
    )
    return {row.uid: f"{_lesson_in_words(row)}, {row.kind[:1].lower()}{row.kind[1:]}" for row in rows}


_LESSONS = _lesson.join(_course, _course.c.id == _lesson.c.course_id).outerjoin(
    _class, _class.c.id == _course.c.class_id
)
_LESSON = (_course.c.name, _class.c.name.label("class_name"), _lesson.c.day, _lesson.c.number)


def _course_in_words(name: str, class_name: str | None) -> str:
    return f"{name}, {class_name}" if class_name else name


def _lesson_in_words(row: Any) -> str:
    course = _course_in_words(row.name, row.class_name)
    return f"{course}, {day_and_month(row.day)}, " + _("lesson {number}").format(number=row.number)


def _by_record(reading: Reading, name: str, uids: Sequence[str]) -> dict[str, str]:
    """By the name of the row, or else by those of the rows to which it refers."""
    record = RECORDS.get(name)
    if record is None or isinstance(record, Composite) or "uid" not in record.table.c:
        return {}
    rows = record.table
    if "name" in record.fields and "name" not in record.personal:
        return pairs(reading.execute(select(rows.c.uid, rows.c.name).where(rows.c.uid.in_(uids))))
    return _by_references(reading, record, uids)


def _by_references(reading: Reading, record: Record, uids: Sequence[str]) -> dict[str, str]:
    columns = [column for column, target in record.references.items() if target not in NOT_NAMING]
    chosen = columns[:MOST_PARTS]
    statement = select(record.table.c.uid).where(record.table.c.uid.in_(uids))
    joined: Any = record.table
    for number, column in enumerate(chosen):
        target = SQLModel.metadata.tables[record.references[column]].alias(f"part_{number}")
        joined = joined.outerjoin(target, target.c.id == record.table.c[column])
        statement = statement.add_columns(target.c.uid.label(f"part_{number}"))
    found = reading.execute(statement.select_from(joined)).all()
    parts = {
        row.uid: [Ref(record.references[column], uid) for column, uid in zip(chosen, row[1:], strict=True) if uid]
        for row in found
    }
    names = named(reading, (ref for refs in parts.values() for ref in refs))
    return {uid: ", ".join(names[ref] for ref in refs if ref in names) for uid, refs in parts.items()}


_OWN = {
    "person": _people,
    "account": _accounts,
    "course": _courses,
    "lesson": _lessons,
    "work": _works,
    "setting_value": _settings,
}
