"""Setting a school up: each list is inserted here, as one operation of the ledger.

Drafts are named as the columns that they fill (`operation.columns_of`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.service import school_chain
from ais_app.people.models import Person
from ais_app.people.records import GUARDIANSHIP, PERSON, SCHOOL
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school import kinds, rules
from ais_app.school.errors import BadYear
from ais_app.school.models import TimetableVersion
from ais_app.school.records import (
    BELL,
    BELL_SCHEDULE,
    CLASS,
    CLASS_LEADING,
    ENROLLMENT,
    GROUP,
    HOLIDAY,
    PERIOD,
    SCHEME,
    SLOT,
    SUBJECT,
    TIMETABLE,
    YEAR,
)
from ais_app.school.service.operation import columns_of, must_be_of_school, setting_up
from ais_app.school_settings.records import SETTING_VALUE
from ais_app.school_settings.service import rows_of


def open_school(uow: UnitOfWork, actor: Actor, draft: rules.SchoolDraft) -> SchoolRef:
    """Add a school to the installation; its own ledger chain begins with this operation. Raises NotYours."""
    if Scope.INSTALLATION not in actor.scopes(Right.SET_UP_SCHOOL):
        raise NotYours
    uid = uow.make_uid()
    with operation(uow, actor, kinds.SCHOOL_OPENED, Right.SET_UP_SCHOOL, chain=school_chain(uid)) as op:
        school = op.insert(SCHOOL, {"uid": uid, **columns_of(draft), "created_at": op.now})
        op.insert_all(SETTING_VALUE, rows_of(school.id, draft.settings))
    return SchoolRef(school.id, uid, draft.zone)


def add_year(uow: UnitOfWork, actor: Actor, school: SchoolRef, draft: rules.YearDraft) -> rules.YearRef:
    """Add a school year with its period schemes and holidays. Raises BadYear."""
    _check_year(draft)
    with setting_up(uow, actor, school, kinds.YEAR_ADDED) as op:
        year_id = op.insert(YEAR, {"school_id": school.id, **columns_of(draft)}).id
        schemes: dict[str, int] = {}
        for scheme in draft.schemes:
            row = {"school_id": school.id, "year_id": year_id, **columns_of(scheme)}
            schemes[scheme.name] = scheme_id = op.insert(SCHEME, row).id
            periods = enumerate(scheme.periods, 1)
            op.insert_all(
                PERIOD,
                [{"scheme_id": scheme_id, "ordinal": ordinal, **columns_of(period)} for ordinal, period in periods],
            )
        op.insert_all(HOLIDAY, [{"year_id": year_id, **columns_of(holiday)} for holiday in draft.holidays])
    return rules.YearRef(year_id, schemes)


def _check_year(draft: rules.YearDraft) -> None:
    seen: set[str] = set()
    for scheme in draft.schemes:
        inside = scheme.periods and (
            draft.starts_on <= scheme.periods[0].starts_on and scheme.periods[-1].ends_on <= draft.ends_on
        )
        if not inside or rules.overlapping(scheme.periods):
            raise BadYear(_("The periods of «{name}» overlap or lie outside the year.").format(name=scheme.name))
        if scheme.name in seen:
            raise BadYear(_("The year is divided twice under the name «{name}».").format(name=scheme.name))
        seen.add(scheme.name)
    for holiday in draft.holidays:
        if holiday.ends_on < holiday.starts_on:
            raise BadYear(_("«{name}» ends before it begins.").format(name=holiday.name))


def add_bells(uow: UnitOfWork, actor: Actor, school: SchoolRef, schedule: rules.BellScheduleDraft) -> int:
    """Add a schedule of bells; returns its id."""
    with setting_up(uow, actor, school, kinds.BELLS_ADDED) as op:
        schedule_id = op.insert(BELL_SCHEDULE, {"school_id": school.id, **columns_of(schedule)}).id
        op.insert_all(BELL, [{"schedule_id": schedule_id, **columns_of(bell)} for bell in schedule.bells])
    return schedule_id


def add_subjects(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.SubjectDraft]
) -> dict[str, int]:
    """Add subjects; returns {name: id}."""
    with setting_up(uow, actor, school, kinds.SUBJECTS_ADDED) as op:
        added = op.insert_all(SUBJECT, [{"school_id": school.id, **columns_of(draft)} for draft in drafts])
    return {draft.name: subject.id for draft, subject in zip(drafts, added, strict=True)}


def add_people(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.PersonDraft]
) -> list[rules.PersonRef]:
    """Add persons of the school, in order."""
    with setting_up(uow, actor, school, kinds.PEOPLE_ADDED) as op:
        added = op.insert_all(PERSON, [{"school_id": school.id, **columns_of(draft)} for draft in drafts])
    return [rules.PersonRef(*one) for one in added]


def add_class(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, draft: rules.ClassDraft
) -> rules.ClassRef:
    """Add a class with its default group and the students in it."""
    name = draft.name or f"{draft.grade}{draft.letter}"
    with setting_up(uow, actor, school, kinds.CLASS_ADDED) as op:
        (group,) = _add_groups(op, school, year_id, [rules.GroupDraft(name, draft.members)])
        place = {"school_id": school.id, "year_id": year_id, "group_id": group.id}
        added = op.insert(CLASS, {**columns_of(draft), **place, "name": name})
    return rules.ClassRef(added.id, added.uid, group.id)


def add_groups(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, drafts: Sequence[rules.GroupDraft]
) -> list[rules.GroupRef]:
    """Add groups that are no classes: halves of one, or students of several; in order."""
    with setting_up(uow, actor, school, kinds.GROUPS_ADDED) as op:
        return _add_groups(op, school, year_id, drafts)


def _add_groups(
    op: Operation, school: SchoolRef, year_id: int, drafts: Sequence[rules.GroupDraft]
) -> list[rules.GroupRef]:
    people = {member.person_id for draft in drafts for member in draft.members}
    must_be_of_school(op.uow, school, Person, people)
    place = {"school_id": school.id, "year_id": year_id}
    added = op.insert_all(GROUP, [{**place, **columns_of(draft)} for draft in drafts])
    members = [
        {"group_id": group.id, **columns_of(member)}
        for group, draft in zip(added, drafts, strict=True)
        for member in draft.members
    ]
    op.insert_all(ENROLLMENT, members)
    return [rules.GroupRef(*one) for one in added]


def appoint_class_teacher(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    leading: rules.ClassRef,
    person: rules.PersonRef,
    dates: rules.DatedFrom,
) -> None:
    """Make a person the class teacher of a class from a day on."""
    with setting_up(uow, actor, school, kinds.CLASS_TEACHER_APPOINTED) as op:
        must_be_of_school(uow, school, Person, {person.id})
        op.insert(CLASS_LEADING, {"class_id": leading.id, "person_id": person.id, **columns_of(dates)})


def add_guardians(uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.GuardianDraft]) -> None:
    """Link guardians to students, each in its own dates. Raises NotYours when one of them is of another school."""
    with setting_up(uow, actor, school, kinds.GUARDIANS_ADDED) as op:
        people = {one for draft in drafts for one in (draft.guardian_id, draft.student_id)}
        must_be_of_school(uow, school, Person, people)
        op.insert_all(GUARDIANSHIP, [columns_of(draft) for draft in drafts])


def add_timetable(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    year_id: int,
    dates: rules.DatedFrom,
    slots: Sequence[rules.SlotDraft],
) -> int:
    """Add a version of the timetable; returns its id."""
    with setting_up(uow, actor, school, kinds.TIMETABLE_ADDED) as op:
        version_id = op.insert(TIMETABLE, {"school_id": school.id, "year_id": year_id, **columns_of(dates)}).id
        op.insert_all(SLOT, [{"version_id": version_id, **columns_of(slot)} for slot in slots])
    return version_id


def add_slots(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, version_id: int, slots: Sequence[rules.SlotDraft]
) -> None:
    """Add slots to a version of the timetable. Raises NotYours when it is of another school."""
    with setting_up(uow, actor, school, kinds.TIMETABLE_ADDED) as op:
        must_be_of_school(uow, school, TimetableVersion, {version_id})
        op.insert_all(SLOT, [{"version_id": version_id, **columns_of(slot)} for slot in slots])
