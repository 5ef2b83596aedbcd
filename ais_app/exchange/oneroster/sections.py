"""Importing the classes of a set: homerooms become classes, all others courses with their groups and teachers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from ais_app.db.columns import pairs, table
from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes, terms
from ais_app.exchange.oneroster.calendar import PlannedYear
from ais_app.exchange.oneroster.context import Importing, Sections, StoredClass, StoredGroup, TargetSchool
from ais_app.journal import events
from ais_app.school import rules, service
from ais_app.school.models import Course, Group, SchoolClass, Subject
from ais_app.school.service import courses
from ais_app.school.service import courses as school_courses
from ais_app.school.service.courses import CourseRef

_course = table(Course)
_class = table(SchoolClass)
_group = table(Group)
_subject = table(Subject)

LONGEST_CLASS_NAME = 32


def bring(importing: Importing, target: TargetSchool, planned: PlannedYear) -> None:
    """Add the new classes of a year, and update names, members and teachers of the others."""
    at = Sections(importing, target, planned, target.years[-1])
    for key, line in importing.roster.classes_of(target.org).items():
        if key in planned.classes:
            answer = importing.homerooms.get(key)
            bare = importing.roster.manifest.own and line["metadata.ais.kind"] == "group"
            led = answer is not None and answer.is_class
            (at.bare if bare else at.homerooms if led else at.courses)[key] = line
    _bring_homerooms(at)
    _bring_bare_groups(at)
    _bring_courses(at)


def _bring_homerooms(at: Sections) -> None:
    importing, target = at.importing, at.target
    entity = f"homeroom@{at.year.uid}"
    known = _known(at, entity, _class, at.homerooms)
    rows = _present(at, _class)
    for key, line in at.homerooms.items():
        row = rows.get(known.get(key, ""))
        name = line["title"][:LONGEST_CLASS_NAME]
        if name != line["title"]:
            sheet = importing.roster["classes"]
            importing.note_once(sheet, line, "title", codes.NAME_CUT, most=LONGEST_CLASS_NAME, name=name)
        if row is None:
            draft = rules.ClassDraft(
                importing.homerooms[key].grade,
                importing.homerooms[key].letter,
                _scheme(at, line),
                name=name,
                bell_schedule_id=target.bells.get(line["metadata.ais.bells"]),
                members=terms.members(at, key, line),
            )
            ref = service.add_class(importing.uow, importing.actor, target.school, at.year.id, draft)
            uid = importing.uow.execute(select(_group.c.uid).where(_group.c.id == ref.group_id)).scalar_one()
            at.stored_classes[key] = StoredClass(ref.id, ref.uid, StoredGroup(ref.group_id, uid))
            importing.report.add("memberships", len(draft.members))
        else:
            at.stored_classes[key] = StoredClass(row.id, row.uid, StoredGroup(row.group_id, row.group_uid))
            if row.name != name:
                note = importing.roster["classes"].note(line, "title", codes.CLASS_NAMED_HERE, name=row.name)
                importing.report.notes.append(note)
        if line["metadata.ais.group"]:
            at.groups[line["metadata.ais.group"]] = at.stored_classes[key].group
        everybody = (*importing.roster.students.get(key, ()), *importing.roster.teachers.get(key, ()))
        target.leaders |= {term.user for term in importing.roster.teachers.get(key, ())}
        target.class_of |= {term.user: line["title"] for term in everybody}
    importing.names |= {key: stored.uid for key, stored in at.stored_classes.items()}
    new = {key: stored.uid for key, stored in at.stored_classes.items() if key not in known}
    importing.ids.remember(entity, new)
    importing.report.add("classes", len(new))
    importing.report.leave("classes", len(at.stored_classes) - len(new))
    terms.merge_members(at, {key: stored.group for key, stored in at.stored_classes.items() if key not in new})
    terms.merge_leaders(at)


def _bring_bare_groups(at: Sections) -> None:
    """Add the groups of our own export that are neither a class nor the audience of a course."""
    importing, entity = at.importing, f"group@{at.year.uid}"
    if not at.bare:
        return
    known = _known(at, entity, _group, at.bare)
    statement = select(_group.c.id, _group.c.uid).where(_group.c.year_id == at.year.id)
    rows = {row.uid: StoredGroup(row.id, row.uid) for row in importing.uow.execute(statement)}
    stored = {key: rows[known[key]] for key in at.bare if known.get(key, "") in rows}
    new = {key: line for key, line in at.bare.items() if key not in stored}
    drafts = [rules.GroupDraft(line["title"][:64], terms.members(at, key, line)) for key, line in new.items()]
    refs = service.add_groups(importing.uow, importing.actor, at.target.school, at.year.id, drafts) if drafts else []
    importing.ids.remember(entity, {key: ref.uid for key, ref in zip(new, refs, strict=True)})
    importing.names |= {key: group.uid for key, group in stored.items()}
    importing.names |= {key: ref.uid for key, ref in zip(new, refs, strict=True)}
    importing.report.add("groups", len(new))
    importing.report.leave("groups", len(stored))
    terms.merge_members(at, stored)


def _present(at: Sections, owners: Any) -> dict[str, Any]:
    """{uid: row} of the classes or courses of the year in the database, each with its group."""
    statement = (
        select(owners.c.id, owners.c.uid, owners.c.name, owners.c.group_id, _group.c.uid.label("group_uid"))
        .join(_group, _group.c.id == owners.c.group_id)
        .where(owners.c.year_id == at.year.id)
    )
    return {row.uid: row for row in at.importing.uow.execute(statement)}


def _bring_courses(at: Sections) -> None:
    importing, target = at.importing, at.target
    entity = f"class@{at.year.uid}"
    known = _known(at, entity, _course, at.courses)
    rows = _present(at, _course)
    stored = {key: rows[known[key]] for key in at.courses if known.get(key, "") in rows}
    new = {key: line for key, line in at.courses.items() if key not in stored}
    merged: dict[str, StoredGroup] = {}
    for key, row in stored.items():
        group = StoredGroup(row.group_id, row.group_uid)
        shared = at.courses[key]["metadata.ais.group"]
        if not shared or shared not in at.groups:
            merged[key] = group
        at.groups.setdefault(shared or key, group)
    _add_courses(at, entity, new)
    _rename(at, stored)
    terms.merge_members(at, merged)
    terms.merge_teachers(at, stored)
    importing.names |= {key: group.uid for key, group in at.groups.items()}
    target.courses |= {key: CourseRef(row.id, row.uid) for key, row in stored.items()}
    importing.names |= {key: ref.uid for key, ref in target.courses.items()}
    for key, line in at.courses.items():
        for term in importing.roster.students.get(key, ()):
            target.class_of.setdefault(term.user, line["title"])


def _known(at: Sections, entity: str, rows: Any, lines: Mapping[str, Line]) -> dict[str, str]:
    """{sourcedId: uid} of earlier imports; for our own export also of rows with these uids in the database."""
    known = dict(at.importing.ids.of(entity))
    if at.importing.roster.manifest.own and lines:
        uids = at.importing.uow.execute(select(rows.c.uid).where(rows.c.year_id == at.year.id)).scalars()
        known = {uid: uid for uid in uids if uid in lines} | known
    return known


def _add_courses(at: Sections, entity: str, new: Mapping[str, Line]) -> None:
    importing, target = at.importing, at.target
    if not new:
        return
    subjects = _subjects(at, new)
    drafted: dict[str, rules.GroupDraft] = {}
    for key, line in new.items():
        name = line["metadata.ais.group"] or key
        if name not in at.groups and name not in drafted:
            title = line["metadata.ais.groupName"] if importing.roster.manifest.own else line["title"][:64]
            drafted[name] = rules.GroupDraft(title, terms.members(at, key, line))
    refs = service.add_groups(importing.uow, importing.actor, target.school, at.year.id, list(drafted.values()))
    at.groups |= {name: StoredGroup(ref.id, ref.uid) for name, ref in zip(drafted, refs, strict=True)}
    importing.report.add("memberships", sum(len(draft.members) for draft in drafted.values()))
    homes = _home_of_students(at)
    drafts = [
        courses.CourseDraft(
            line["title"],
            target.subjects.get(line["courseSourcedId"]) or subjects[_subject_of(importing, line)],
            at.groups[line["metadata.ais.group"] or key].id,
            _scheme(at, line),
            [
                courses.TeacherDraft(one.person, one.begin or at.year.first, one.end)
                for one in terms.wanted(at, line, importing.roster.teachers.get(key, ()))
            ],
            class_id=_class_of(at, key, line, homes),
            graded=line.flag("metadata.ais.graded", empty=True),
            hours_planned=line.whole("metadata.ais.hoursPlanned", 0) if line["metadata.ais.hoursPlanned"] else None,
        )
        for key, line in new.items()
    ]
    added = courses.add_courses(importing.uow, importing.actor, target.school, at.year.id, drafts)
    target.courses |= dict(zip(new, added, strict=True))
    importing.ids.remember(entity, {key: ref.uid for key, ref in zip(new, added, strict=True)})
    importing.report.add("courses", len(added))


def _subjects(at: Sections, lines: Mapping[str, Line]) -> dict[str, int]:
    """{subject: id} of the school's subjects, to which those that these classes lack are added."""
    importing, target = at.importing, at.target
    ids = pairs(
        importing.uow.execute(select(_subject.c.name, _subject.c.id).where(_subject.c.school_id == target.school.id))
    )
    missing: dict[str, rules.SubjectDraft] = {}
    for line in lines.values():
        name = _subject_of(importing, line)
        course = _course_line(importing, line)
        short = course["metadata.ais.shortName"] if course is not None else ""
        if name not in ids and line["courseSourcedId"] not in target.subjects:
            missing.setdefault(name, rules.SubjectDraft(name, short or name[:64]))
    if missing:
        ids |= service.add_subjects(importing.uow, importing.actor, target.school, list(missing.values()))
    return ids


def _course_line(importing: Importing, line: Line) -> Line | None:
    return importing.roster["courses"].get(line["courseSourcedId"])


def _subject_of(importing: Importing, line: Line) -> str:
    """The subject of a class: the one it names, else its course's, else its title. A number is a code, not a name."""
    course = _course_line(importing, line)
    if course is not None and importing.roster.manifest.own:
        return course["title"]
    named = [*line.several("subjects"), *(course.several("subjects") if course is not None else ())]
    names = [name for name in named if not name.isdigit()]
    return (names[0] if names else course["title"] if course is not None else line["title"])[:120]


def _scheme(at: Sections, line: Line) -> int:
    return at.year.schemes.get(at.planned.scheme_of(line)) or next(iter(at.year.schemes.values()))


def _home_of_students(at: Sections) -> dict[str, set[str]]:
    """{user: the homerooms in which he is a student}."""
    homes: dict[str, set[str]] = {}
    for key in at.stored_classes:
        for term in at.importing.roster.students.get(key, ()):
            homes.setdefault(term.user, set()).add(key)
    return homes


def _class_of(at: Sections, key: str, line: Line, homes: Mapping[str, set[str]]) -> int | None:
    """The id of a course's class: the one our export names, else the only one with all its students; or None."""
    if at.importing.roster.manifest.own:
        named = at.stored_classes.get(line["metadata.ais.class"])
        return named.id if named is not None else None
    students = [homes.get(term.user, set()) for term in at.importing.roster.students.get(key, ())]
    common = set.intersection(*students) if students else set()
    return at.stored_classes[min(common)].id if len(common) == 1 else None


def _rename(at: Sections, stored: Mapping[str, Any]) -> None:
    renamings = [
        school_courses.CourseRenaming(row.id, at.courses[key]["title"])
        for key, row in stored.items()
        if row.name != at.courses[key]["title"]
    ]
    if renamings:
        school_courses.rename_courses(at.importing.uow, at.importing.actor, at.target.school, renamings)
        events.announce_courses(at.importing.uow, [], [one.id for one in renamings])
    at.importing.report.change("courses", len(renamings))
    at.importing.report.leave("courses", len(stored) - len(renamings))
