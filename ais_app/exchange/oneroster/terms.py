"""Importing members, class teachers and teachers of the classes of a set: their dated rows are brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.exchange.engine import Line
from ais_app.exchange.merging import Added, Held, Merge, Wanted, merge
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Sections, StoredGroup
from ais_app.exchange.oneroster.roster import Term
from ais_app.journal import events
from ais_app.journal.events import diaries_changed
from ais_app.school import rules, service
from ais_app.school.models import ClassLeading, CourseTeacher, Enrollment
from ais_app.school.rules import PersonRef
from ais_app.school.service import courses

_teacher = table(CourseTeacher)
_enrollment = table(Enrollment)
_leading = table(ClassLeading)
_DAY = timedelta(days=1)


def wanted(at: Sections, line: Line, terms: Sequence[Term]) -> list[Wanted]:
    """The terms as rows that should exist. Dates beyond the year are taken as its whole; our own export's are exact.

    Without dates a term has the days of the terms of its class (`line`), where these are within the year.
    """
    people, first, last = at.target.people, at.year.first, at.year.last
    if at.importing.roster.manifest.own:
        return [Wanted(people[term.user].id, term.begin, term.end, term.note) for term in terms if term.user in people]
    since, until = _days_of(at, line)
    rows = []
    for term in terms:
        if not at.planned.moved:
            _say_days(at, term)
        ended = term.end is not None and term.end <= first and not at.planned.moved
        if term.user not in people or ended:
            continue
        begin = term.begin if term.begin is not None and first <= term.begin <= last else since
        end = term.end if term.end is not None and (begin or first) < term.end <= last else until
        rows.append(Wanted(people[term.user].id, begin, end, term.note))
    return rows


def _say_days(at: Sections, term: Term) -> None:
    """Note the dates of a term that are not within the school year."""
    sheet, year = at.importing.roster["enrollments"], at.planned.draft.name
    if term.end is not None and term.end <= at.year.first:
        at.importing.note_once(sheet, term.line, "endDate", codes.ENDED_BEFORE, year=year)
        return
    days = {"beginDate": term.begin, "endDate": term.end - _DAY if term.end is not None else None}
    for column, day in days.items():
        if day is not None and not at.year.first <= day <= at.year.last:
            value = term.line[column]
            at.importing.note_alike(sheet, term.line, column, codes.BEYOND_YEAR, value=value, year=year)


def _days_of(at: Sections, line: Line) -> tuple[date | None, date | None]:
    """[since, until) of a class by its terms; None on a side that is the year's."""
    sessions = at.importing.roster["academicSessions"]
    terms = [sessions[key] for key in line.several("termSourcedIds") if key in sessions]
    if at.planned.session == "" or not terms:
        return None, None
    begin = min(term.day("startDate") or date.min for term in terms)
    end = max(term.day("endDate") or date.max for term in terms)
    return (
        begin if at.year.first < begin <= at.year.last else None,
        end + _DAY if at.year.first < end < at.year.last else None,
    )


def members(at: Sections, key: str, line: Line) -> list[rules.MemberDraft]:
    return [
        rules.MemberDraft(one.person, one.begin or at.year.first, one.end, one.note)
        for one in wanted(at, line, at.importing.roster.students.get(key, ()))
    ]


def merge_members(at: Sections, groups: Mapping[str, StoredGroup]) -> None:
    """Update the members of the groups of these classes, which exist already."""
    lines = at.homerooms | at.courses | at.bare
    owners = {key: group.id for key, group in groups.items()}
    changes = _changes(at, _enrollment, "group_id", owners, lines, at.importing.roster.students, _count_members)
    if changes:
        service.change_memberships(at.importing.uow, at.importing.actor, at.target.school, changes)
        events.announce_courses(at.importing.uow, sorted({one.owner_id for one in changes}), [])
        for event in diaries_changed(at.importing.uow, {one.person.uid for one in changes}):
            at.importing.uow.announce(event)
        at.importing.moved |= {one.person.id for one in changes if one.row is not None}
    _count(at, "memberships", changes)


def merge_leaders(at: Sections) -> None:
    owners = {key: stored.id for key, stored in at.stored_classes.items()}
    changes = _changes(at, _leading, "class_id", owners, at.homerooms, at.importing.roster.teachers, _count_taught)
    if changes:
        service.change_class_teachers(at.importing.uow, at.importing.actor, at.target.school, changes)
    _count(at, "class teachers", changes)


def merge_teachers(at: Sections, stored: Mapping[str, Any]) -> None:
    owners = {key: row.id for key, row in stored.items()}
    changes = _changes(at, _teacher, "course_id", owners, at.courses, at.importing.roster.teachers, _count_taught)
    if changes:
        courses.change_teachers(at.importing.uow, at.importing.actor, at.target.school, changes)
        events.announce_courses(at.importing.uow, [], sorted({one.owner_id for one in changes}))
    _count(at, "teachers", changes)


def _count(at: Sections, what: str, changes: Sequence[rules.TermChange]) -> None:
    new = sum(one.row is None for one in changes)
    at.importing.report.add(what, new)
    at.importing.report.change(what, len(changes) - new)


def _changes(
    at: Sections,
    rows: Any,
    owner: str,
    owners: Mapping[str, int],
    lines: Mapping[str, Line],
    terms: Mapping[str, Sequence[Term]],
    count: Callable[[Sections, Sequence[Held], Merge], None],
) -> list[rules.TermChange]:
    """The changes in the dated rows of these owners, {class: id}, that bring them to the terms of the set."""
    if not owners:
        return []
    held: dict[int, list[Held]] = {}
    for row in at.importing.uow.execute(select(rows).where(rows.c[owner].in_(owners.values()))):
        one = Held(row.id, row.person_id, row.valid_from, row.valid_to)
        held.setdefault(getattr(row, owner), []).append(one)
    fresh = at.year.first if at.year.is_new else min(max(at.importing.today, at.year.first), at.year.last)
    refs = {ref.id: ref for ref in at.target.people.values()}
    changes: list[rules.TermChange] = []
    for key, owner_id in owners.items():
        wanted_rows = wanted(at, lines[key], terms.get(key, ()))
        present = held.get(owner_id, ())
        if at.importing.roster.manifest.own and not present:  # a new class of our own export: its rows as they are
            merged = Merge([Added(one.person, one.begin or at.year.first, one.end, one.note) for one in wanted_rows])
        else:
            merged = merge(wanted_rows, present, at.importing.today, fresh)
        count(at, [row for row in present if row.person in refs], merged)
        changes += _spelled(merged, owner_id, refs)
    return changes


def _count_members(at: Sections, held: Sequence[Held], merged: Merge) -> None:
    """Count the memberships of a group that hold today and would not after this set."""
    holding, ended = _ended_today(at, held, merged)
    at.importing.endings.count(at.target.org, at.target.name, "memberships", held=len(holding), ended=len(ended))


def _count_taught(at: Sections, held: Sequence[Held], merged: Merge) -> None:
    """Count an owner that has somebody today, and as ended when it would have nobody; a successor is no end."""
    holding, ended = _ended_today(at, held, merged)
    alone = bool(holding) and len(ended) == len(holding) and not merged.added
    at.importing.endings.count(at.target.org, at.target.name, "teachers", held=int(bool(holding)), ended=int(alone))


def _ended_today(at: Sections, held: Sequence[Held], merged: Merge) -> tuple[list[Held], list[int]]:
    """(rows that hold today or later, ids of those of them that would end today or before)."""
    today = at.importing.today
    holding = [row for row in held if row.is_open(today)]
    ends = {one.row.id: one.end for one in merged.moved}
    ended = [row.id for row in holding if (ends.get(row.id) or date.max) <= max(today, row.begin)]
    return holding, ended


def _spelled(merged: Merge, owner_id: int, refs: Mapping[int, PersonRef]) -> list[rules.TermChange]:
    new = [
        rules.TermChange(owner_id, refs[one.person], None, rules.DatedFrom(one.begin, one.end), one.note)
        for one in merged.added
    ]
    moved = [
        rules.TermChange(owner_id, refs[one.row.person], one.row.id, rules.DatedFrom(one.begin, one.end))
        for one in merged.moved
        if one.row.person in refs  # somebody who was added here and is not of the set stays
    ]
    return new + moved
