"""Importing schools, their kinds of work and their years."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select

from ais_app.db.columns import pairs, table
from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes, settings
from ais_app.exchange.oneroster.calendar import PlannedYear
from ais_app.exchange.oneroster.context import Importing, StoredYear, TargetSchool
from ais_app.exchange.oneroster.roster import is_out
from ais_app.exchange.oneroster.timetables import add_bells
from ais_app.journal import restoring
from ais_app.people.models import School
from ais_app.people.rules import SchoolRef
from ais_app.school import rules, service
from ais_app.school.models import AcademicYear, ControlType, PeriodScheme, Subject
from ais_app.school.service import courses

CONTROL_TYPES = (
    courses.TypeDraft("Работа на уроке", "УР", 3, is_default=True),
    courses.TypeDraft("Домашняя работа", "ДЗ", 1),
    courses.TypeDraft("Самостоятельная работа", "СР", 4),
    courses.TypeDraft("Контрольная работа", "КР", 5, is_control=True),
)

MOST_WEIGHT = 100

_school = table(School)
_year = table(AcademicYear)
_scheme = table(PeriodScheme)
_type = table(ControlType)
_subject = table(Subject)


def bring(importing: Importing, org: str) -> TargetSchool:
    """Open the school of an org, rename it, or leave it as it is; returns it."""
    target = _bring(importing, org)
    importing.names[org] = target.school.uid
    return target


def _bring(importing: Importing, org: str) -> TargetSchool:
    line = importing.roster.schools[org]
    uid = importing.ids.of("org").get(org) or (org if importing.roster.manifest.own else "")
    row = importing.uow.execute(select(_school).where(_school.c.uid == uid)).one_or_none() if uid else None
    if row is None:
        return _open(importing, org, line)
    school = SchoolRef(row.id, row.uid, row.zone)
    if row.name != line["name"]:
        service.rename_school(importing.uow, importing.actor, school, line["name"])
        importing.report.change("schools")
    else:
        importing.report.leave("schools")
    return TargetSchool(org, school, line["name"], is_new=False)


def _open(importing: Importing, org: str, line: Line) -> TargetSchool:
    zone = line["metadata.ais.zone"]
    if zone and zone not in available_timezones():
        importing.problems.append(importing.roster["orgs"].problem(line, "metadata.ais.zone", codes.NO_ZONE, zone=zone))
        zone = ""

    own = importing.roster.manifest.own
    draft = rules.SchoolDraft(
        line["name"],
        line["metadata.ais.shortName"] if own else line["name"][:64],
        zone or importing.zone,
        settings=settings.of(importing, line),
    )
    school = service.open_school(importing.uow, importing.actor, draft)
    importing.ids.remember("org", {org: school.uid})
    importing.report.add("schools")
    target = TargetSchool(org, school, line["name"], is_new=True)
    _add_types(importing, target)
    if own:
        target.bells = add_bells(importing, target, line)
        _add_subjects(importing, target)
    return target


def _add_subjects(importing: Importing, target: TargetSchool) -> None:
    """Add all subjects of our own export, also those that nobody teaches now."""
    lines = {
        key: line for key, line in importing.roster["courses"] if not is_out(line) and not line["metadata.ais.kind"]
    }
    if not lines:
        return
    drafts = [rules.SubjectDraft(line["title"], line["metadata.ais.shortName"]) for line in lines.values()]
    service.add_subjects(importing.uow, importing.actor, target.school, drafts)
    ids = importing.uow.execute(
        select(_subject.c.id).where(_subject.c.school_id == target.school.id).order_by(_subject.c.id)
    ).scalars()
    target.subjects = dict(zip(lines, ids, strict=True))


def _add_types(importing: Importing, target: TargetSchool) -> None:
    """Add the kinds of work: those of categories.csv, and for the sets of other systems the usual four."""
    own = importing.roster.manifest.own
    lines = {key: line for key, line in importing.roster["categories"] if not is_out(line)}
    for line in lines.values():
        if not 0 <= line.whole("metadata.ais.weight", 1) <= MOST_WEIGHT:
            sheet, column = importing.roster["categories"], "metadata.ais.weight"
            importing.problems.append(sheet.problem(line, column, codes.OUT_OF_RANGE, least=0, most=MOST_WEIGHT))
    drafts = [
        courses.TypeDraft(
            line["title"],
            line["metadata.ais.code"] if own else line["title"][:8],
            line.whole("metadata.ais.weight", 1),
            is_control=line.flag("metadata.ais.isControl", empty=False),
            is_default=line.flag("metadata.ais.isDefault", empty=False),
        )
        for line in lines.values()
    ]
    if not own:
        drafts += CONTROL_TYPES
    if not drafts:
        return
    courses.add_control_types(importing.uow, importing.actor, target.school, drafts)
    rows = importing.uow.execute(
        select(_type.c.id, _type.c.weight).where(_type.c.school_id == target.school.id).order_by(_type.c.id)
    ).all()
    target.types = {key: (row.id, row.weight) for key, row in zip(lines, rows, strict=False)}


def bring_year(importing: Importing, target: TargetSchool, planned: PlannedYear) -> None:
    """Add the school year of a plan with its periods; one that exists already stays as it is."""
    draft = planned.draft
    row = _stored_year(importing, target, planned)
    if row is not None:
        importing.names[planned.session] = row.uid
        schemes = pairs(
            importing.uow.execute(
                select(_scheme.c.name, _scheme.c.id).where(_scheme.c.year_id == row.id).order_by(_scheme.c.id)
            )
        )
        target.years.append(StoredYear(row.id, row.uid, row.starts_on, row.ends_on, schemes, is_new=False))
        return
    added = service.add_year(importing.uow, importing.actor, target.school, draft)
    uid = importing.uow.execute(select(_year.c.uid).where(_year.c.id == added.id)).scalar_one()
    target.years.append(StoredYear(added.id, uid, draft.starts_on, draft.ends_on, added.schemes, is_new=True))
    importing.names[planned.session] = uid
    if importing.roster.manifest.own:
        importing.ids.remember(f"year@{target.school.uid}", {planned.session: uid})
    closed = [
        restoring.ClosedPeriod(added.schemes[name], ordinal, moment)
        for (name, ordinal), moment in sorted(planned.closed.items(), key=lambda item: item[0])
    ]
    if closed and target.is_new:
        restoring.restore_locks(importing.uow, importing.actor, target.school, closed)


def _stored_year(importing: Importing, target: TargetSchool, planned: PlannedYear) -> Any:
    """The row of the year in the database: by uid for our own export, else by name or overlapping days; or None."""
    of_school = _year.c.school_id == target.school.id
    draft = planned.draft
    if importing.roster.manifest.own:
        uid = importing.ids.of(f"year@{target.school.uid}").get(planned.session, planned.session)
        named = importing.uow.execute(select(_year).where(of_school, _year.c.uid == uid)).one_or_none()
        if named is not None or target.is_new:
            return named
    alike = (_year.c.name == draft.name) | ((_year.c.starts_on <= draft.ends_on) & (_year.c.ends_on >= draft.starts_on))
    return importing.uow.execute(select(_year).where(of_school, alike).order_by(_year.c.id)).first()
