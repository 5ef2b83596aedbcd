"""Setting a school up: every list of it goes in through here, with its line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right, Scope
from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
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
    Guardianship,
    Holiday,
    PeriodScheme,
    Person,
    School,
    SchoolClass,
    Subject,
    TimetableSlot,
    TimetableVersion,
)
from ais_app.school.rules import SchoolRef
from ais_app.school.service.operation import SettingUp, add_row, add_rows, told_of


def open_school(uow: UnitOfWork, actor: Actor, draft: rules.SchoolDraft) -> SchoolRef:
    """Add a school to the installation; its own ledger chain begins with this operation."""
    if Scope.INSTALLATION not in actor.scopes(Right.SET_UP_SCHOOL):
        raise NotYours
    uid = uow.make_uid()
    chain = ledger.lock(uow, ledger.school_chain(uid))
    school_id = add_row(
        uow,
        School,
        uid=uid,
        name=draft.name,
        short_name=draft.short_name,
        zone=draft.zone,
        edit_window_days=draft.edit_window_days,
        mark_one_allowed=draft.mark_one_allowed,
        demonstration=draft.demonstration,
        created_at=uow.now,
    )
    after = {"name": draft.name, "zone": draft.zone, "edit_window_days": draft.edit_window_days}
    ledger.append(uow, chain, actor.author, "school_opened", [Item("school", uid, None, after)])
    return SchoolRef(school_id, uid, draft.zone)


def add_year(uow: UnitOfWork, actor: Actor, school: SchoolRef, draft: rules.YearDraft) -> rules.YearRef:
    """Add a school year with its period schemes and holidays. Raises BadYear."""
    for scheme in draft.schemes:
        first, last = scheme.periods[0], scheme.periods[-1]
        if rules.overlapping(scheme.periods) or first.starts_on < draft.starts_on or last.ends_on > draft.ends_on:
            raise BadYear(_("The periods of «{name}» overlap or lie outside the year.").format(name=scheme.name))
    setting_up = SettingUp(uow, actor, school, "year_added")
    uid = uow.make_uid()
    year_id = add_row(
        uow,
        AcademicYear,
        uid=uid,
        school_id=school.id,
        name=draft.name,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
    )
    setting_up.added("year", uid, {"name": draft.name, "from": draft.starts_on, "to": draft.ends_on})
    schemes: dict[str, int] = {}
    for scheme in draft.schemes:
        scheme_uid = uow.make_uid()
        schemes[scheme.name] = scheme_id = add_row(
            uow, PeriodScheme, uid=scheme_uid, school_id=school.id, year_id=year_id, name=scheme.name
        )
        setting_up.added("period_scheme", scheme_uid, {"name": scheme.name})
        for ordinal, period in enumerate(scheme.periods, 1):
            period_uid = uow.make_uid()
            add_row(
                uow,
                GradingPeriod,
                uid=period_uid,
                scheme_id=scheme_id,
                ordinal=ordinal,
                name=period.name,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
            )
            setting_up.added(
                "grading_period",
                period_uid,
                {"name": period.name, "from": period.starts_on, "to": period.ends_on},
            )
    for holiday in draft.holidays:
        add_row(
            uow,
            Holiday,
            year_id=year_id,
            name=holiday.name,
            starts_on=holiday.starts_on,
            ends_on=holiday.ends_on,
            grade=holiday.grade,
        )
        setting_up.added("holiday", uid, {"name": holiday.name, "from": holiday.starts_on, "to": holiday.ends_on})
    setting_up.record()
    return rules.YearRef(year_id, schemes)


def add_bells(uow: UnitOfWork, actor: Actor, school: SchoolRef, name: str, bells: Sequence[rules.BellDraft]) -> int:
    """Add a schedule of bells; returns its id."""
    setting_up = SettingUp(uow, actor, school, "bells_added")
    uid = uow.make_uid()
    schedule_id = add_row(uow, BellSchedule, uid=uid, school_id=school.id, name=name)
    for bell in bells:
        add_row(
            uow,
            Bell,
            schedule_id=schedule_id,
            number=bell.number,
            starts_at=bell.starts_at,
            ends_at=bell.ends_at,
        )
    spelled = [[bell.number, f"{bell.starts_at:%H:%M}", f"{bell.ends_at:%H:%M}"] for bell in bells]
    setting_up.added("bell_schedule", uid, {"name": name, "bells": spelled})
    setting_up.record()
    return schedule_id


def add_subjects(uow: UnitOfWork, actor: Actor, school: SchoolRef, names: Mapping[str, str]) -> dict[str, int]:
    """Add subjects given as {name: short name}; returns {name: id}."""
    setting_up = SettingUp(uow, actor, school, "subjects_added")
    ids: dict[str, int] = {}
    for name, short in names.items():
        uid = uow.make_uid()
        ids[name] = add_row(uow, Subject, uid=uid, school_id=school.id, name=name, short_name=short)
        setting_up.added("subject", uid, {"name": name})
    setting_up.record()
    return ids


def add_people(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.PersonDraft]
) -> list[rules.PersonRef]:
    """Add persons of the school, in order."""
    setting_up = SettingUp(uow, actor, school, "people_added")
    uids = [uow.make_uid() for _draft in drafts]
    ids = add_rows(
        uow,
        Person,
        [
            {
                "uid": uid,
                "school_id": school.id,
                "family_name": draft.family_name,
                "given_name": draft.given_name,
                "patronymic": draft.patronymic,
                "birth_date": draft.birth_date,
            }
            for uid, draft in zip(uids, drafts, strict=True)
        ],
    )
    for uid, draft in zip(uids, drafts, strict=True):
        setting_up.added("person", uid, told_of(draft))
    setting_up.record()
    return [rules.PersonRef(person_id, uid) for person_id, uid in zip(ids, uids, strict=True)]


def add_class(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, draft: rules.ClassDraft
) -> rules.ClassRef:
    """Add a class with its default group and the students in it."""
    setting_up = SettingUp(uow, actor, school, "class_added")
    name = draft.name or f"{draft.grade}{draft.letter}"
    (group,) = _add_groups(setting_up, year_id, [rules.GroupDraft(name, draft.members)])
    group_id = group.id
    uid = uow.make_uid()
    class_id = add_row(
        uow,
        SchoolClass,
        uid=uid,
        school_id=school.id,
        year_id=year_id,
        grade=draft.grade,
        letter=draft.letter,
        name=name,
        group_id=group_id,
        scheme_id=draft.scheme_id,
        bell_schedule_id=draft.bell_schedule_id,
    )
    setting_up.added("school_class", uid, {"name": name, "grade": draft.grade})
    setting_up.record()
    return rules.ClassRef(class_id, uid, group_id)


def add_group(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    year_id: int,
    name: str,
    members: Sequence[rules.MemberDraft],
) -> int:
    """Add a group that is not a class: a half of one, or students of several; returns its id."""
    return add_groups(uow, actor, school, year_id, [rules.GroupDraft(name, members)], kind="group_added")[0].id


def add_groups(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    year_id: int,
    drafts: Sequence[rules.GroupDraft],
    *,
    kind: str = "groups_added",
) -> list[rules.GroupRef]:
    """Add several such groups in one operation, in order."""
    setting_up = SettingUp(uow, actor, school, kind)
    found = _add_groups(setting_up, year_id, drafts)
    setting_up.record()
    return found


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
    add_row(
        uow,
        ClassLeading,
        class_id=leading.id,
        person_id=person.id,
        valid_from=dates.valid_from,
        valid_to=dates.valid_to,
    )
    setting_up.added("class_leading", leading.uid, {"person": person.uid, "from": dates.valid_from})
    setting_up.record()


def add_guardians(uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.GuardianDraft]) -> None:
    """Link guardians to students, each in its own dates."""
    setting_up = SettingUp(uow, actor, school, "guardians_added")
    uids = _uids(uow, {one for draft in drafts for one in (draft.guardian_id, draft.student_id)})
    rows = [
        {
            "guardian_id": draft.guardian_id,
            "student_id": draft.student_id,
            "relation": draft.relation,
            "valid_from": draft.valid_from,
            "valid_to": draft.valid_to,
        }
        for draft in drafts
    ]
    if rows:
        uow.execute(insert(table(Guardianship)), rows)
    for draft in drafts:
        setting_up.added(
            "guardianship",
            f"{uids[draft.guardian_id]}:{uids[draft.student_id]}",
            {"from": draft.valid_from, "to": draft.valid_to},
        )
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
    uid = uow.make_uid()
    version_id = add_row(
        uow,
        TimetableVersion,
        uid=uid,
        school_id=school.id,
        year_id=year_id,
        valid_from=dates.valid_from,
        valid_to=dates.valid_to,
    )
    uow.execute(
        insert(table(TimetableSlot)),
        [
            {
                "version_id": version_id,
                "course_id": slot.course_id,
                "weekday": slot.weekday,
                "number": slot.number,
                "room": slot.room,
            }
            for slot in slots
        ],
    )
    setting_up.added("timetable", uid, {"from": dates.valid_from, "slots": len(slots)})
    setting_up.record()
    return version_id


def _add_groups(setting_up: SettingUp, year_id: int, drafts: Sequence[rules.GroupDraft]) -> list[rules.GroupRef]:
    uow, school = setting_up.uow, setting_up.school
    uids = [uow.make_uid() for _draft in drafts]
    ids = add_rows(
        uow,
        Group,
        [
            {"uid": uid, "school_id": school.id, "year_id": year_id, "name": draft.name}
            for uid, draft in zip(uids, drafts, strict=True)
        ],
    )
    members = [
        {
            "group_id": group_id,
            "person_id": member.person_id,
            "note": member.note,
            "valid_from": member.valid_from,
            "valid_to": member.valid_to,
        }
        for group_id, draft in zip(ids, drafts, strict=True)
        for member in draft.members
    ]
    if members:
        uow.execute(insert(table(Enrollment)), members)
    for uid, draft in zip(uids, drafts, strict=True):
        setting_up.added("group", uid, {"name": draft.name, "members": len(draft.members)})
    return [rules.GroupRef(group_id, uid) for group_id, uid in zip(ids, uids, strict=True)]


def _uids(uow: UnitOfWork, person_ids: set[int]) -> dict[int, str]:
    person = table(Person)
    return pairs(uow.execute(select(person.c.id, person.c.uid).where(person.c.id.in_(person_ids))))
