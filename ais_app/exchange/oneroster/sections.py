"""Bringing the classes of a set: homerooms become classes, all others courses with their groups and teachers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ais_app.db.columns import pairs, table
from ais_app.exchange.engine import Line
from ais_app.exchange.merging import Held, Merge, Wanted, merge
from ais_app.exchange.oneroster.calendar import PlannedYear
from ais_app.exchange.oneroster.context import Importing, Place, YearHere
from ais_app.exchange.oneroster.roster import Term
from ais_app.journal.models import Course, CourseTeacher
from ais_app.journal.service import courses, teaching
from ais_app.journal.service.courses import CourseRef
from ais_app.school import rules, service
from ais_app.school.models import ClassLeading, Enrollment, Group, SchoolClass, Subject
from ais_app.school.rules import PersonRef

_course = table(Course)
_teacher = table(CourseTeacher)
_class = table(SchoolClass)
_group = table(Group)
_enrollment = table(Enrollment)
_leading = table(ClassLeading)
_subject = table(Subject)

# «7А», «7 «А»», «11-Б», «5»: how a class is called in a Russian school.
_CLASS = re.compile(r"^(1[01]|[1-9])\s*[-–]?\s*[«\"„(]?\s*([А-ЯЁA-Z]?)\s*[»\"“)]?(?:\s+класс)?$", re.IGNORECASE)
_DAY = timedelta(days=1)
LAST_GRADE = 12


@dataclass(frozen=True, slots=True)
class _Group:
    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class _ClassHere:
    """A school class that is here: its default group, and who leads it by the set."""

    id: int
    uid: str
    group: _Group


@dataclass
class _Sections:
    """The classes of one school and year on their way in."""

    importing: Importing
    place: Place
    planned: PlannedYear
    year: YearHere
    homerooms: dict[str, Line] = field(default_factory=dict)
    courses: dict[str, Line] = field(default_factory=dict)
    here: dict[str, _ClassHere] = field(default_factory=dict)
    groups: dict[str, _Group] = field(default_factory=dict)


def bring(importing: Importing, place: Place, planned: PlannedYear) -> None:
    """Add what is new of the classes of a year, and bring names, members and teachers of the others up to date."""
    at = _Sections(importing, place, planned, place.years[-1])
    for key, line in importing.roster.classes_of(place.org).items():
        if key in planned.classes:
            (at.homerooms if _grade(importing, line) else at.courses)[key] = line
    _bring_homerooms(at)
    _bring_courses(at)


def _grade(importing: Importing, line: Line) -> tuple[int, str] | None:
    """(grade, letter) of a homeroom that is a school class; None when it is an ordinary course."""
    if line["classType"].casefold() != "homeroom":
        return None
    if importing.roster.manifest.own and 1 <= line.whole("metadata.ais.grade", 0) <= LAST_GRADE:
        return int(line["metadata.ais.grade"]), line["metadata.ais.letter"]
    found = _CLASS.match(line["title"]) or _CLASS.match(line["classCode"])
    return (int(found[1]), found[2].upper()) if found else None


def _bring_homerooms(at: _Sections) -> None:
    importing, place = at.importing, at.place
    entity = f"homeroom@{at.year.uid}"
    known = _known(at, entity, _class, at.homerooms)
    rows = {row.uid: row for row in importing.uow.execute(_classes(at))}
    for key, line in at.homerooms.items():
        row = rows.get(known.get(key, ""))
        if row is None:
            grade, letter = _grade(importing, line) or (1, "")
            draft = rules.ClassDraft(
                grade,
                letter,
                _scheme(at, line),
                name=line["title"][:32],
                members=_members(at, key, line),
            )
            ref = service.add_class(importing.uow, importing.actor, place.school, at.year.id, draft)
            uid = importing.uow.execute(select(_group.c.uid).where(_group.c.id == ref.group_id)).scalar_one()
            at.here[key] = _ClassHere(ref.id, ref.uid, _Group(ref.group_id, uid))
            importing.report.add("memberships", len(draft.members))
        else:
            at.here[key] = _ClassHere(row.id, row.uid, _Group(row.group_id, row.group_uid))
            if row.name != line["title"][:32]:
                what = f"the class is called {row.name} here, and keeps this name"
                importing.report.notes.append(importing.roster["classes"].note(line, "title", what))
        if line["metadata.ais.group"]:
            at.groups[line["metadata.ais.group"]] = at.here[key].group
        terms = (*importing.roster.students.get(key, ()), *importing.roster.teachers.get(key, ()))
        place.leaders |= {term.user for term in importing.roster.teachers.get(key, ())}
        place.class_of |= {term.user: line["title"] for term in terms}
    new = {key: here.uid for key, here in at.here.items() if key not in known}
    importing.known.remember(entity, new)
    importing.report.add("classes", len(new))
    importing.report.leave("classes", len(at.here) - len(new))
    _merge_members(at, {key: here.group for key, here in at.here.items() if key not in new})
    _merge_leaders(at)


def _classes(at: _Sections) -> Any:
    return (
        select(_class.c.id, _class.c.uid, _class.c.name, _class.c.group_id, _group.c.uid.label("group_uid"))
        .join(_group, _group.c.id == _class.c.group_id)
        .where(_class.c.year_id == at.year.id)
    )


def _bring_courses(at: _Sections) -> None:
    importing, place = at.importing, at.place
    entity = f"class@{at.year.uid}"
    known = _known(at, entity, _course, at.courses)
    rows = {row.uid: row for row in importing.uow.execute(_courses(at))}
    here = {key: rows[known[key]] for key in at.courses if known.get(key, "") in rows}
    new = {key: line for key, line in at.courses.items() if key not in here}
    merged: dict[str, _Group] = {}
    for key, row in here.items():
        group = _Group(row.group_id, row.group_uid)
        shared = at.courses[key]["metadata.ais.group"]
        if not shared or shared not in at.groups:
            merged[key] = group
        at.groups.setdefault(shared or key, group)
    _add_courses(at, entity, new)
    _rename(at, here)
    _merge_members(at, merged)
    _merge_teachers(at, here)
    place.courses |= {key: CourseRef(row.id, row.uid) for key, row in here.items()}
    for key, line in at.courses.items():
        for term in importing.roster.students.get(key, ()):
            place.class_of.setdefault(term.user, line["title"])


def _courses(at: _Sections) -> Any:
    return (
        select(_course.c.id, _course.c.uid, _course.c.name, _course.c.group_id, _group.c.uid.label("group_uid"))
        .join(_group, _group.c.id == _course.c.group_id)
        .where(_course.c.year_id == at.year.id)
    )


def _known(at: _Sections, entity: str, rows: Any, lines: Mapping[str, Line]) -> dict[str, str]:
    """{source id: uid} of what is here; our own export names rows by their uids, which may be here too."""
    found = dict(at.importing.known.of(entity))
    if at.importing.roster.manifest.own and lines:
        uids = at.importing.uow.execute(select(rows.c.uid).where(rows.c.year_id == at.year.id)).scalars()
        found = {uid: uid for uid in uids if uid in lines} | found
    return found


def _add_courses(at: _Sections, entity: str, new: Mapping[str, Line]) -> None:
    importing, place = at.importing, at.place
    if not new:
        return
    subjects = _subjects(at, new)
    drafted: dict[str, rules.GroupDraft] = {}
    for key, line in new.items():
        name = line["metadata.ais.group"] or key
        if name not in at.groups and name not in drafted:
            title = line["metadata.ais.groupName"] or line["title"][:64]
            drafted[name] = rules.GroupDraft(title, _members(at, key, line))
    refs = service.add_groups(importing.uow, importing.actor, place.school, at.year.id, list(drafted.values()))
    at.groups |= {name: _Group(ref.id, ref.uid) for name, ref in zip(drafted, refs, strict=True)}
    importing.report.add("memberships", sum(len(draft.members) for draft in drafted.values()))
    homes = _home_of_students(at)
    drafts = [
        courses.CourseDraft(
            line["title"],
            subjects[_subject_of(importing, line)],
            at.groups[line["metadata.ais.group"] or key].id,
            _scheme(at, line),
            [
                courses.TeacherDraft(one.person, one.begin or at.year.first, one.end)
                for one in _wanted(at, line, importing.roster.teachers.get(key, ()))
            ],
            class_id=_class_of(at, key, line, homes),
            graded=line.flag("metadata.ais.graded", empty=True),
            hours_planned=max(line.whole("metadata.ais.hoursPlanned", 0), 0) or None,
        )
        for key, line in new.items()
    ]
    added = courses.add_courses(importing.uow, importing.actor, place.school, at.year.id, drafts)
    place.courses |= dict(zip(new, added, strict=True))
    importing.known.remember(entity, {key: ref.uid for key, ref in zip(new, added, strict=True)})
    importing.report.add("courses", len(added))


def _subjects(at: _Sections, lines: Mapping[str, Line]) -> dict[str, int]:
    """{subject: id} of the subjects that these classes need; the missing ones are added."""
    importing, place = at.importing, at.place
    found = pairs(
        importing.uow.execute(select(_subject.c.name, _subject.c.id).where(_subject.c.school_id == place.school.id))
    )
    missing: dict[str, rules.SubjectDraft] = {}
    for line in lines.values():
        name = _subject_of(importing, line)
        course = _course_line(importing, line)
        short = course["metadata.ais.shortName"] if course is not None else ""
        if name not in found:
            missing.setdefault(name, rules.SubjectDraft(name, short or name[:64]))
    if missing:
        found |= service.add_subjects(importing.uow, importing.actor, place.school, list(missing.values()))
    return found


def _course_line(importing: Importing, line: Line) -> Line | None:
    return importing.roster["courses"].get(line["courseSourcedId"])


def _subject_of(importing: Importing, line: Line) -> str:
    """The subject of a class: the one it names, else its course's, else its title. A mere number is a code, no name."""
    course = _course_line(importing, line)
    if course is not None and importing.roster.manifest.own:
        return course["title"]
    named = [*line.several("subjects"), *(course.several("subjects") if course is not None else ())]
    names = [name for name in named if not name.isdigit()]
    return (names[0] if names else course["title"] if course is not None else line["title"])[:120]


def _scheme(at: _Sections, line: Line) -> int:
    return at.year.schemes.get(at.planned.scheme_of(line)) or next(iter(at.year.schemes.values()))


def _home_of_students(at: _Sections) -> dict[str, set[str]]:
    """{user: the homerooms in which he is}."""
    found: dict[str, set[str]] = {}
    for key in at.here:
        for term in at.importing.roster.students.get(key, ()):
            found.setdefault(term.user, set()).add(key)
    return found


def _class_of(at: _Sections, key: str, line: Line, homes: Mapping[str, set[str]]) -> int | None:
    """The school class of a course: the one our export names; else the only one in which all its students are."""
    if at.importing.roster.manifest.own:
        named = at.here.get(line["metadata.ais.class"])
        return named.id if named is not None else None
    students = [homes.get(term.user, set()) for term in at.importing.roster.students.get(key, ())]
    common = set.intersection(*students) if students else set()
    return at.here[min(common)].id if len(common) == 1 else None


def _wanted(at: _Sections, line: Line, terms: Sequence[Term]) -> list[Wanted]:
    """Who should be there and when. Dates beyond the year mean all of it; those of our own export are exact.

    A class that has terms within its own year is there in their days.
    """
    people, first, last = at.place.people, at.year.first, at.year.last
    if at.importing.roster.manifest.own:
        return [Wanted(people[term.user].id, term.begin, term.end, term.note) for term in terms if term.user in people]
    since, until = _days_of(at, line)
    found = []
    for term in terms:
        ended = term.end is not None and term.end <= first and not at.planned.moved
        if term.user not in people or ended:
            continue
        begin = term.begin if term.begin is not None and first <= term.begin <= last else since
        end = term.end if term.end is not None and (begin or first) < term.end <= last else until
        found.append(Wanted(people[term.user].id, begin, end, term.note))
    return found


def _days_of(at: _Sections, line: Line) -> tuple[date | None, date | None]:
    """[since, until) of a class that is not there the whole year; None on a side where it is."""
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


def _members(at: _Sections, key: str, line: Line) -> list[rules.MemberDraft]:
    return [
        rules.MemberDraft(one.person, one.begin or at.year.first, one.end, one.note)
        for one in _wanted(at, line, at.importing.roster.students.get(key, ()))
    ]


def _rename(at: _Sections, here: Mapping[str, Any]) -> None:
    renamings = [
        teaching.CourseRenaming(row.id, row.uid, row.name, at.courses[key]["title"])
        for key, row in here.items()
        if row.name != at.courses[key]["title"]
    ]
    if renamings:
        teaching.rename_courses(at.importing.uow, at.importing.actor, at.place.school, renamings)
        teaching.announce_courses(at.importing.uow, [], [one.id for one in renamings])
    at.importing.report.change("courses", len(renamings))
    at.importing.report.leave("courses", len(here) - len(renamings))


def _merge_members(at: _Sections, groups: Mapping[str, _Group]) -> None:
    """Bring the members of the groups of these classes, known already, up to date."""
    lines = at.homerooms | at.courses
    owners = {key: (group.id, group.uid) for key, group in groups.items()}
    changes = _changes(at, _enrollment, "group_id", owners, lines, at.importing.roster.students)
    if changes:
        service.change_memberships(at.importing.uow, at.importing.actor, at.place.school, changes)
        teaching.announce_courses(at.importing.uow, sorted({one.owner_id for one in changes}), [])
    _count(at, "memberships", changes)


def _merge_leaders(at: _Sections) -> None:
    owners = {key: (here.id, here.uid) for key, here in at.here.items()}
    changes = _changes(at, _leading, "class_id", owners, at.homerooms, at.importing.roster.teachers)
    if changes:
        service.change_class_teachers(at.importing.uow, at.importing.actor, at.place.school, changes)
    _count(at, "class teachers", changes)


def _merge_teachers(at: _Sections, here: Mapping[str, Any]) -> None:
    owners = {key: (row.id, row.uid) for key, row in here.items()}
    changes = _changes(at, _teacher, "course_id", owners, at.courses, at.importing.roster.teachers)
    if changes:
        teaching.change_teachers(at.importing.uow, at.importing.actor, at.place.school, changes)
        teaching.announce_courses(at.importing.uow, [], sorted({one.owner_id for one in changes}))
    _count(at, "teachers", changes)


def _count(at: _Sections, what: str, changes: Sequence[rules.TermChange]) -> None:
    new = sum(one.row is None for one in changes)
    at.importing.report.add(what, new)
    at.importing.report.change(what, len(changes) - new)


def _changes(
    at: _Sections,
    rows: Any,
    owner: str,
    owners: Mapping[str, tuple[int, str]],
    lines: Mapping[str, Line],
    terms: Mapping[str, Sequence[Term]],
) -> list[rules.TermChange]:
    """What to change in the dated rows of these owners, given as {class: (id, uid)}, so that they fit the set."""
    if not owners:
        return []
    held: dict[int, list[Held]] = {}
    ids = [owner_id for owner_id, _uid in owners.values()]
    for row in at.importing.uow.execute(select(rows).where(rows.c[owner].in_(ids))):
        one = Held(row.id, row.person_id, row.valid_from, row.valid_to)
        held.setdefault(getattr(row, owner), []).append(one)
    fresh = at.year.first if at.year.is_new else min(max(at.importing.today, at.year.first), at.year.last)
    refs = {ref.id: ref for ref in at.place.people.values()}
    found: list[rules.TermChange] = []
    for key, (owner_id, uid) in owners.items():
        wanted = _wanted(at, lines[key], terms.get(key, ()))
        merged = merge(wanted, held.get(owner_id, ()), at.importing.today, fresh)
        found += _spelled(merged, owner_id, uid, refs)
    return found


def _spelled(merged: Merge, owner_id: int, uid: str, refs: Mapping[int, PersonRef]) -> list[rules.TermChange]:
    new = [
        rules.TermChange(owner_id, uid, refs[one.person], None, None, rules.DatedFrom(one.begin, one.end), one.note)
        for one in merged.added
    ]
    moved = [
        rules.TermChange(
            owner_id,
            uid,
            refs[one.row.person],
            one.row.id,
            rules.DatedFrom(one.row.begin, one.row.end),
            rules.DatedFrom(one.begin, one.end),
        )
        for one in merged.moved
        if one.row.person in refs  # somebody who was added here and is not of the set stays
    ]
    return new + moved
