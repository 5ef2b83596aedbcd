"""Founding the large demonstration school in parts of at most some tens of rows, made in steps.

Each step reads what the ones before it have written, and gives the same parts whenever it is made again. A part carries
drafts of the services as JSON; the writer makes them and calls the service, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from ais_app.db import UnitOfWork
from ais_app.journal.lessons.service import laying_out
from ais_app.rights.rules import operator
from ais_app.school import rules, service
from ais_app.school.service import courses as school_courses
from ais_app.setup.demo import founding, people, reading_back
from ais_app.setup.demo.founding import Calendar
from ais_app.setup.emptiness import must_be_empty

Part = dict[str, Any]
Step = Callable[[Connection, Calendar, people.Roster], Iterator[Part]]
AT_ONCE = 8  # rows of a part, each with its item in the ledger: few milliseconds

_person, _guardian = TypeAdapter(rules.PersonDraft), TypeAdapter(rules.GuardianDraft)
_year, _class, _group = TypeAdapter(rules.YearDraft), TypeAdapter(rules.ClassDraft), TypeAdapter(rules.GroupDraft)
_course, _slot = TypeAdapter(school_courses.CourseDraft), TypeAdapter(rules.SlotDraft)


def _basis(_connection: Connection, days: Calendar, _roster: people.Roster) -> Iterator[Part]:
    yield {"do": "school"}
    yield {"do": "year", "draft": _year.dump_python(founding.year_draft(days), mode="json")}
    yield from ({"do": "bells", "place": place} for place in range(len(founding.bell_drafts())))
    yield {"do": "subjects"}
    yield {"do": "types"}


def _people(_connection: Connection, days: Calendar, roster: people.Roster) -> Iterator[Part]:
    for drafts in founding.person_drafts(roster, days.first):
        yield from _sliced("people", _person, drafts)


def _guardians(connection: Connection, days: Calendar, roster: people.Roster) -> Iterator[Part]:
    written = reading_back.with_people(connection, days, roster)
    drafts = founding.guardian_drafts(written, reading_back.guardians(connection, roster))
    yield from _sliced("guardians", _guardian, drafts)


def _classes(connection: Connection, days: Calendar, roster: people.Roster) -> Iterator[Part]:
    written, year = reading_back.with_people(connection, days, roster), reading_back.year(connection)
    bells, since = reading_back.bells(connection), days.first.isoformat()
    for grade, letter, _size in roster.classes:
        draft = _class.dump_python(founding.class_draft(written, year, bells, grade, letter), mode="json")
        leader = written.staff[roster.leaders[grade, letter]]
        yield {"do": "class", "year": year.id, "draft": draft, "leader": [leader.id, leader.uid], "since": since}


def _halves(connection: Connection, days: Calendar, roster: people.Roster) -> Iterator[Part]:
    written, year = reading_back.with_classes(connection, days, roster), reading_back.year(connection)
    drafts = [founding.half_draft(written, taught) for taught in written.taught if taught.half]
    yield from _sliced("groups", _group, drafts, 1, year=year.id)


def _courses(connection: Connection, days: Calendar, roster: people.Roster) -> Iterator[Part]:
    written, year = reading_back.with_classes(connection, days, roster), reading_back.year(connection)
    subjects, halves = reading_back.subjects(connection), reading_back.halves(connection)
    drafts = [
        founding.course_draft(written, year, subjects, taught, next(halves) if taught.half else group.group_id)
        for taught in written.taught
        for group in (written.groups[taught.grade, taught.letter],)
    ]
    yield from _sliced("courses", _course, drafts, AT_ONCE // 2, year=year.id)


def _timetable(connection: Connection, days: Calendar, _roster: people.Roster) -> Iterator[Part]:
    yield {"do": "timetable", "year": reading_back.year(connection).id, "since": days.first.isoformat()}


def _slots(connection: Connection, days: Calendar, roster: people.Roster) -> Iterator[Part]:
    written, version = reading_back.with_courses(connection, days, roster), reading_back.timetable(connection)
    yield from _sliced("slots", _slot, founding.slot_drafts(written), version=version)


def _lessons(connection: Connection, _days: Calendar, _roster: people.Roster) -> Iterator[Part]:
    school, version = reading_back.school_of(connection), reading_back.timetable(connection)
    kind = laying_out.ordinary(connection, school)
    for course, lessons in groupby(laying_out.lessons_of(connection, school, version), itemgetter("course_id")):
        places = [[one["day"].isoformat(), one["number"], one["room"]] for one in lessons]
        for first in range(0, len(places), AT_ONCE):
            yield {"do": "lessons", "course": course, "kind": kind, "places": places[first : first + AT_ONCE]}


STEPS: tuple[Step, ...] = (
    _basis,
    _people,
    _guardians,
    _classes,
    _halves,
    _courses,
    _timetable,
    _slots,
    _lessons,
)


def _sliced(
    name: str, shape: TypeAdapter[Any], drafts: Sequence[Any], size: int = AT_ONCE, **said: Any
) -> Iterator[Part]:
    """Parts of `size` drafts each."""
    for first in range(0, len(drafts), size):
        yield {
            "do": name,
            "drafts": [shape.dump_python(one, mode="json") for one in drafts[first : first + size]],
            **said,
        }


def _school(uow: UnitOfWork, _said: Part) -> None:
    must_be_empty(uow)
    service.open_school(uow, operator(), founding.SCHOOL)


def _add_year(uow: UnitOfWork, said: Part) -> None:
    service.add_year(uow, operator(), _of(uow), _year.validate_python(said["draft"]))


def _add_bells(uow: UnitOfWork, said: Part) -> None:
    service.add_bells(uow, operator(), _of(uow), founding.bell_drafts()[said["place"]])


def _add_subjects(uow: UnitOfWork, _said: Part) -> None:
    service.add_subjects(uow, operator(), _of(uow), founding.subject_drafts())


def _add_types(uow: UnitOfWork, _said: Part) -> None:
    school_courses.add_control_types(uow, operator(), _of(uow), founding.type_drafts())


def _add_people(uow: UnitOfWork, said: Part) -> None:
    service.add_people(uow, operator(), _of(uow), [_person.validate_python(one) for one in said["drafts"]])


def _add_guardians(uow: UnitOfWork, said: Part) -> None:
    service.add_guardians(uow, operator(), _of(uow), [_guardian.validate_python(one) for one in said["drafts"]])


def _add_class(uow: UnitOfWork, said: Part) -> None:
    school, actor = _of(uow), operator()
    ref = service.add_class(uow, actor, school, said["year"], _class.validate_python(said["draft"]))
    since = rules.DatedFrom(date.fromisoformat(said["since"]))
    service.appoint_class_teacher(uow, actor, school, ref, rules.PersonRef(*said["leader"]), since)


def _add_groups(uow: UnitOfWork, said: Part) -> None:
    drafts = [_group.validate_python(one) for one in said["drafts"]]
    service.add_groups(uow, operator(), _of(uow), said["year"], drafts)


def _add_courses(uow: UnitOfWork, said: Part) -> None:
    drafts = [_course.validate_python(one) for one in said["drafts"]]
    school_courses.add_courses(uow, operator(), _of(uow), said["year"], drafts)


def _add_timetable(uow: UnitOfWork, said: Part) -> None:
    since = rules.DatedFrom(date.fromisoformat(said["since"]))
    service.add_timetable(uow, operator(), _of(uow), said["year"], since, [])


def _add_slots(uow: UnitOfWork, said: Part) -> None:
    slots = [_slot.validate_python(one) for one in said["drafts"]]
    service.add_slots(uow, operator(), _of(uow), said["version"], slots)


def _add_lessons(uow: UnitOfWork, said: Part) -> None:
    school = _of(uow)
    place = {"school_id": school.id, "course_id": said["course"]}
    lessons = [
        {**place, "day": date.fromisoformat(day), "number": number, "room": room}
        for day, number, room in said["places"]
    ]
    laying_out.add_lessons(uow, operator(), school, said["kind"], lessons)


def _of(uow: UnitOfWork) -> Any:
    return reading_back.school_of(uow.connection)


WRITTEN_BY: dict[str, Callable[[UnitOfWork, Part], None]] = {
    "school": _school,
    "year": _add_year,
    "bells": _add_bells,
    "subjects": _add_subjects,
    "types": _add_types,
    "people": _add_people,
    "guardians": _add_guardians,
    "class": _add_class,
    "groups": _add_groups,
    "courses": _add_courses,
    "timetable": _add_timetable,
    "slots": _add_slots,
    "lessons": _add_lessons,
}
