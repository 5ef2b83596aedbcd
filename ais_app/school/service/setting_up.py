"""Setting a school up: each list is inserted here, as one operation of the ledger.

Drafts are named as the columns that they fill (`operation.columns_of`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
from ais_app.people.models import Guardianship, Person, School
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school import rules
from ais_app.school.errors import BadYear
from ais_app.school.models import (
    AcademicYear,
    Bell,
    BellSchedule,
    ClassLeading,
    Enrollment,
    GradingPeriod,
    Group,
    Holiday,
    PeriodScheme,
    SchoolClass,
    Subject,
    TimetableSlot,
    TimetableVersion,
)
from ais_app.school.service.operation import (
    SettingUp,
    add_rows,
    columns_of,
    must_be_of_school,
    person_in_ledger,
    put_rows,
)


def open_school(uow: UnitOfWork, actor: Actor, draft: rules.SchoolDraft) -> SchoolRef:
    """Add a school to the installation; its own ledger chain begins with this operation. Raises NotYours."""
    if Scope.INSTALLATION not in actor.scopes(Right.SET_UP_SCHOOL):
        raise NotYours
    uid = uow.make_uid()
    chain = ledger.lock(uow, ledger.school_chain(uid))
    (school_id,) = add_rows(uow, School, [{"uid": uid, **columns_of(draft), "created_at": uow.now}])
    after = {"name": draft.name, "zone": draft.zone, "edit_window_days": draft.edit_window_days}
    ledger.append(uow, chain, actor.author, "school_opened", [Item("school", uid, None, after)])
    return SchoolRef(school_id, uid, draft.zone)


def add_year(uow: UnitOfWork, actor: Actor, school: SchoolRef, draft: rules.YearDraft) -> rules.YearRef:
    """Add a school year with its period schemes and holidays. Raises BadYear."""
    _check_year(draft)
    setting_up = SettingUp(uow, actor, school, "year_added")
    ((year_id, uid),) = setting_up.add(AcademicYear, "year", [draft], _days_of, school_id=school.id)
    schemes: dict[str, int] = {}
    for scheme in draft.schemes:
        ((schemes[scheme.name], _uid),) = setting_up.add(
            PeriodScheme, "period_scheme", [scheme], _name_of, school_id=school.id, year_id=year_id
        )
        for ordinal, period in enumerate(scheme.periods, 1):
            setting_up.add(
                GradingPeriod,
                "grading_period",
                [period],
                _days_of,
                scheme_id=schemes[scheme.name],
                ordinal=ordinal,
            )
    put_rows(uow, Holiday, [{"year_id": year_id, **columns_of(holiday)} for holiday in draft.holidays])
    for holiday in draft.holidays:
        setting_up.added("holiday", uid, _days_of(holiday))
    setting_up.record()
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


def _days_of(draft: rules.YearDraft | rules.PeriodDraft | rules.HolidayDraft) -> Mapping[str, object]:
    return {"name": draft.name, "from": draft.starts_on, "to": draft.ends_on}


def _name_of(draft: rules.SchemeDraft | rules.SubjectDraft) -> Mapping[str, object]:
    return {"name": draft.name}


def add_bells(uow: UnitOfWork, actor: Actor, school: SchoolRef, schedule: rules.BellScheduleDraft) -> int:
    """Add a schedule of bells; returns its id."""
    setting_up = SettingUp(uow, actor, school, "bells_added")
    spelled = [[bell.number, f"{bell.starts_at:%H:%M}", f"{bell.ends_at:%H:%M}"] for bell in schedule.bells]
    ((schedule_id, _uid),) = setting_up.add(
        BellSchedule,
        "bell_schedule",
        [schedule],
        lambda draft: {"name": draft.name, "bells": spelled},
        school_id=school.id,
    )
    put_rows(uow, Bell, [{"schedule_id": schedule_id, **columns_of(bell)} for bell in schedule.bells])
    setting_up.record()
    return schedule_id


def add_subjects(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.SubjectDraft]
) -> dict[str, int]:
    """Add subjects; returns {name: id}."""
    setting_up = SettingUp(uow, actor, school, "subjects_added")
    added = setting_up.add(Subject, "subject", drafts, _name_of, school_id=school.id)
    setting_up.record()
    return {draft.name: subject_id for draft, (subject_id, _uid) in zip(drafts, added, strict=True)}


def add_people(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.PersonDraft]
) -> list[rules.PersonRef]:
    """Add persons of the school, in order."""
    setting_up = SettingUp(uow, actor, school, "people_added")
    added = setting_up.add(Person, "person", drafts, person_in_ledger, school_id=school.id)
    setting_up.record()
    return [rules.PersonRef(*one) for one in added]


def add_class(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, draft: rules.ClassDraft
) -> rules.ClassRef:
    """Add a class with its default group and the students in it."""
    setting_up = SettingUp(uow, actor, school, "class_added")
    name = draft.name or f"{draft.grade}{draft.letter}"
    (group,) = _add_groups(setting_up, year_id, [rules.GroupDraft(name, draft.members)])
    ((class_id, uid),) = setting_up.add(
        SchoolClass,
        "school_class",
        [draft],
        lambda draft: {"name": name, "grade": draft.grade},
        school_id=school.id,
        year_id=year_id,
        group_id=group.id,
        name=name,
    )
    setting_up.record()
    return rules.ClassRef(class_id, uid, group.id)


def add_groups(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, drafts: Sequence[rules.GroupDraft]
) -> list[rules.GroupRef]:
    """Add groups that are no classes: halves of one, or students of several; in order."""
    setting_up = SettingUp(uow, actor, school, "groups_added")
    groups = _add_groups(setting_up, year_id, drafts)
    setting_up.record()
    return groups


def _add_groups(setting_up: SettingUp, year_id: int, drafts: Sequence[rules.GroupDraft]) -> list[rules.GroupRef]:
    people = {member.person_id for draft in drafts for member in draft.members}
    must_be_of_school(setting_up.uow, setting_up.school, Person, people)
    added = setting_up.add(
        Group,
        "group",
        drafts,
        lambda draft: {"name": draft.name, "members": len(draft.members)},
        school_id=setting_up.school.id,
        year_id=year_id,
    )
    members = [
        {"group_id": group_id, **columns_of(member)}
        for (group_id, _uid), draft in zip(added, drafts, strict=True)
        for member in draft.members
    ]
    put_rows(setting_up.uow, Enrollment, members)
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
    setting_up = SettingUp(uow, actor, school, "class_teacher_appointed")
    must_be_of_school(uow, school, Person, {person.id})
    put_rows(uow, ClassLeading, [{"class_id": leading.id, "person_id": person.id, **columns_of(dates)}])
    setting_up.added("class_leading", leading.uid, {"person": person.uid, "from": dates.valid_from})
    setting_up.record()


def add_guardians(uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.GuardianDraft]) -> None:
    """Link guardians to students, each in its own dates. Raises NotYours when one of them is of another school."""
    setting_up = SettingUp(uow, actor, school, "guardians_added")
    people = {one for draft in drafts for one in (draft.guardian_id, draft.student_id)}
    must_be_of_school(uow, school, Person, people)
    uids = _uids(uow, people)
    put_rows(uow, Guardianship, [columns_of(draft) for draft in drafts])
    for draft in drafts:
        subject = f"{uids[draft.guardian_id]}:{uids[draft.student_id]}"
        setting_up.added("guardianship", subject, {"from": draft.valid_from, "to": draft.valid_to})
    setting_up.record()


def add_timetable(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    year_id: int,
    dates: rules.DatedFrom,
    slots: Sequence[rules.SlotDraft],
) -> int:
    """Add a version of the timetable; returns its id."""
    setting_up = SettingUp(uow, actor, school, "timetable_added")
    ((version_id, _uid),) = setting_up.add(
        TimetableVersion,
        "timetable",
        [dates],
        lambda dates: {"from": dates.valid_from, "slots": len(slots)},
        school_id=school.id,
        year_id=year_id,
    )
    put_rows(uow, TimetableSlot, [{"version_id": version_id, **columns_of(slot)} for slot in slots])
    setting_up.record()
    return version_id


def _uids(uow: UnitOfWork, person_ids: set[int]) -> dict[int, str]:
    person = table(Person)
    return pairs(uow.execute(select(person.c.id, person.c.uid).where(person.c.id.in_(person_ids))))
