"""Setting a school up: every list of it goes in through here, with its line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right, Scope
from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item
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


def open_school(uow: UnitOfWork, actor: Actor, draft: rules.SchoolDraft) -> SchoolRef:
    """Add a school to the installation; its own ledger chain begins with this operation."""
    if Scope.INSTALLATION not in actor.scopes(Right.SET_UP_SCHOOL):
        raise NotYours
    uid = uow.make_uid()
    chain = ledger.lock(uow, ledger.school_chain(uid))
    school_id = _add(
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
    setting_up = _SettingUp(uow, actor, school, "year_added")
    uid = uow.make_uid()
    year_id = _add(
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
        schemes[scheme.name] = scheme_id = _add(
            uow, PeriodScheme, uid=scheme_uid, school_id=school.id, year_id=year_id, name=scheme.name
        )
        setting_up.added("period_scheme", scheme_uid, {"name": scheme.name})
        for ordinal, period in enumerate(scheme.periods, 1):
            period_uid = uow.make_uid()
            _add(
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
        _add(
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
    setting_up = _SettingUp(uow, actor, school, "bells_added")
    uid = uow.make_uid()
    schedule_id = _add(uow, BellSchedule, uid=uid, school_id=school.id, name=name)
    for bell in bells:
        _add(
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
    setting_up = _SettingUp(uow, actor, school, "subjects_added")
    ids: dict[str, int] = {}
    for name, short in names.items():
        uid = uow.make_uid()
        ids[name] = _add(uow, Subject, uid=uid, school_id=school.id, name=name, short_name=short)
        setting_up.added("subject", uid, {"name": name})
    setting_up.record()
    return ids


def add_people(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, drafts: Sequence[rules.PersonDraft]
) -> list[rules.PersonRef]:
    """Add persons of the school, in order. Names are free text: the ledger can forget them."""
    setting_up = _SettingUp(uow, actor, school, "people_added")
    found = []
    for draft in drafts:
        uid = uow.make_uid()
        person_id = _add(
            uow,
            Person,
            uid=uid,
            school_id=school.id,
            family_name=draft.family_name,
            given_name=draft.given_name,
            patronymic=draft.patronymic,
        )
        name = f"{draft.family_name} {draft.given_name} {draft.patronymic}".strip()
        setting_up.added("person", uid, {"name": FreeText(name)})
        found.append(rules.PersonRef(person_id, uid))
    setting_up.record()
    return found


def add_class(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, year_id: int, draft: rules.ClassDraft
) -> rules.ClassRef:
    """Add a class with its default group and the students in it."""
    setting_up = _SettingUp(uow, actor, school, "class_added")
    name = draft.name or f"{draft.grade}{draft.letter}"
    group_id = _add_group(setting_up, year_id, name, draft.members)
    uid = uow.make_uid()
    class_id = _add(
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
    setting_up = _SettingUp(uow, actor, school, "group_added")
    group_id = _add_group(setting_up, year_id, name, members)
    setting_up.record()
    return group_id


def appoint_class_teacher(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    leading: rules.ClassRef,
    person: rules.PersonRef,
    dates: rules.DatedFrom,
) -> None:
    """Make a person the class teacher of a class from a day on."""
    setting_up = _SettingUp(uow, actor, school, "class_teacher_appointed")
    _add(
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
    setting_up = _SettingUp(uow, actor, school, "guardians_added")
    uids = _uids(uow, {one for draft in drafts for one in (draft.guardian_id, draft.student_id)})
    for draft in drafts:
        _add(
            uow,
            Guardianship,
            guardian_id=draft.guardian_id,
            student_id=draft.student_id,
            relation=draft.relation,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
        )
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
    setting_up = _SettingUp(uow, actor, school, "timetable_added")
    uid = uow.make_uid()
    version_id = _add(
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


def may_set_up(actor: Actor, school: SchoolRef) -> bool:
    """Whether the actor may set this school up."""
    scopes = actor.scopes(Right.SET_UP_SCHOOL)
    return Scope.INSTALLATION in scopes or (Scope.SCHOOL in scopes and actor.hat.school_id == school.id)


class _SettingUp:
    """One set-up operation: checks the right, holds the chain, gathers the items, appends them at the end."""

    def __init__(self, uow: UnitOfWork, actor: Actor, school: SchoolRef, kind: str) -> None:
        if not may_set_up(actor, school):
            raise NotYours
        self.uow, self.school = uow, school
        self._chain = ledger.lock(uow, ledger.school_chain(school.uid))
        self._actor, self._kind = actor, kind
        self._items: list[Item] = []

    def added(self, entity: str, uid: str, after: Mapping[str, Any]) -> None:
        spelled = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in after.items()}
        self._items.append(Item(entity, uid, None, spelled))

    def record(self) -> None:
        ledger.append(self.uow, self._chain, self._actor.author, self._kind, self._items)


def _add_group(setting_up: _SettingUp, year_id: int, name: str, members: Sequence[rules.MemberDraft]) -> int:
    uow = setting_up.uow
    uid = uow.make_uid()
    group_id = _add(uow, Group, uid=uid, school_id=setting_up.school.id, year_id=year_id, name=name)
    if members:
        uow.execute(
            insert(table(Enrollment)),
            [
                {
                    "group_id": group_id,
                    "person_id": member.person_id,
                    "note": member.note,
                    "valid_from": member.valid_from,
                    "valid_to": member.valid_to,
                }
                for member in members
            ],
        )
    setting_up.added("group", uid, {"name": name, "members": len(members)})
    return group_id


def _uids(uow: UnitOfWork, person_ids: set[int]) -> dict[int, str]:
    person = table(Person)
    return pairs(uow.execute(select(person.c.id, person.c.uid).where(person.c.id.in_(person_ids))))


def _add(uow: UnitOfWork, model: Any, **values: Any) -> int:
    rows = table(model)
    return uow.execute(insert(rows).values(**values).returning(rows.c.id)).scalar_one()
