"""Importing a checked set through the usual services: worked out on a copy, then written in pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from ais_app.clock import local_date
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.exchange.engine import ImportRefused
from ais_app.exchange.imported_ids import ImportedIds
from ais_app.exchange.models import ImportedId
from ais_app.exchange.oneroster import (
    accounts,
    foreign_ids,
    homerooms,
    missing,
    people,
    records,
    schools,
    sections,
    timetables,
    transfers,
)
from ais_app.exchange.oneroster.calendar import PlannedYear, plan
from ais_app.exchange.oneroster.context import Importing
from ais_app.exchange.oneroster.local_days import Zones
from ais_app.exchange.oneroster.reading import read
from ais_app.exchange.oneroster.report import Report
from ais_app.exchange.oneroster.roster import Roster
from ais_app.exchange.writing import runs
from ais_app.exchange.writing.plan import Plan, folder_of
from ais_app.exchange.writing.planning import work_out
from ais_app.i18n import _
from ais_app.people.models import School
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Actor, Right, Scope, operator


class NotOwnSchool(Refused):
    """A school's administrator imports a set of another school, or of a new one."""

    code = "not_own_school"

    def __init__(self) -> None:
        text = _("This set is of another school: an administrator of a school imports sets of his own school only.")
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of an import."""

    year: str | None
    zone: str
    answers: homerooms.Answers
    allow_ending: bool


@dataclass(frozen=True, slots=True)
class Computed:
    """What an import would do: its report, and the plan to write (`exchange/writing/`)."""

    report: Report
    plan: Plan


def import_oneroster(
    database: Database,
    path: Path,
    *,
    dry_run: bool = False,
    year: str | None = None,
    zone: str = "Europe/Moscow",
    answers: homerooms.Answers | None = None,
    allow_ending: bool = False,
    deliver_codes: Callable[[Report], None] | None = None,
    actor: Actor | None = None,
) -> Report:
    """Import a set, or bring what was imported from it up to date; a dry run only says what that would do.

    `deliver_codes` is called with the report before anything is written and keeps the codes: when it raises, nothing is
    imported, so that no account exists whose code nobody has. Raises what `compute` raises and, while it is written,
    `writing.runs.Interrupted`: then some of it is there, to be finished or taken back.
    """
    options = {"year": year, "zone": zone, "answers": answers, "allow_ending": allow_ending}
    computed = compute(database, path, actor=actor, dry_run=dry_run, **options)
    if dry_run:
        return computed.report
    try:
        if deliver_codes is not None:
            deliver_codes(computed.report)
    except BaseException:
        computed.plan.remove()
        raise
    runs.write_all(database, actor or operator(), computed.plan)
    return computed.report


def compute(
    database: Database,
    path: Path,
    *,
    actor: Actor | None = None,
    dry_run: bool = False,
    year: str | None = None,
    zone: str = "Europe/Moscow",
    answers: homerooms.Answers | None = None,
    allow_ending: bool = False,
    run: str = "",
) -> Computed:
    """Check a set and work out what importing it changes; nothing is written, and the writer is not asked.

    `actor`: as whom; None = the operator. `answers`: what homerooms are whose names do not tell; `allow_ending`: the
    set may end most of a school; `run`: the uid of the run, "" = a new one. Raises ImportRefused with every defect,
    HomeroomsUnknown with the questions to answer, `writing.runs.Unfinished`, NotOwnSchool.
    """
    today = local_date(database.clock.now(), zone)
    roster = read(path, today, lambda source: database.read(_zones, source, zone))
    report = Report(dry_run, notes=roster.notes)
    options = _Options(year, zone, answers or homerooms.Answers(), allow_ending)
    database.read(runs.must_be_free, _subjects(roster))
    runs.remove_old_plans(database, folder_of(database.url))

    def work(uow: UnitOfWork) -> list[str]:
        return _run(uow, actor or operator(), roster, report, options)

    made = work_out(database, work, keep=not dry_run, uid=run)
    if dry_run:
        report.codes.clear()
    return Computed(report, made)


def _subjects(roster: Roster) -> list[str]:
    """What a set is about, as its source calls it."""
    return [f"{roster.manifest.source}/{org}" for org in sorted(roster.schools)]


def _zones(connection: Connection, source: str, usual: str) -> Zones:
    """The zones of the schools that came from a source, by org, and of all schools by uid, as in our own exports."""
    school, imported = table(School), table(ImportedId)
    known = select(imported.c.source_id, school.c.zone).join(school, school.c.uid == imported.c.uid)
    rows = connection.execute(known.where(imported.c.source == source, imported.c.entity == "org"))
    return Zones(usual, pairs(connection.execute(select(school.c.uid, school.c.zone))) | pairs(rows))


def _run(uow: UnitOfWork, actor: Actor, roster: Roster, report: Report, options: _Options) -> list[str]:
    """Carry an import out; returns what it is about. Raises ImportRefused."""
    today = local_date(uow.now, options.zone)
    importing = Importing(uow, actor, roster, report, ImportedIds(uow, roster.manifest.source), today, options.zone)
    _must_be_own(importing)
    years = plan(roster, today, options.year)
    _settle_homerooms(importing, years, options.answers)
    missing.name_schools(importing)
    targets = [schools.bring(importing, org) for org in sorted(roster.schools)]
    for target in targets:
        homerooms.remember(roster, target.org, target.school.uid, options.answers.given, importing.ids)
        people.bring(importing, target)
        for planned in years:
            schools.bring_year(importing, target, planned)
            sections.bring(importing, target, planned)
            timetables.bring(importing, target, planned)
        people.bring_guardians(importing, target)
        records.bring(importing, target)
        transfers.tell(importing, target)
        missing.name_classes(importing, target)
        missing.name_people(importing, target)
    accounts.bring(importing, targets)
    foreign_ids.bring(importing)
    importing.say_alike()
    report.leave("orgs", len(roster["orgs"]) - len(targets))
    if not options.allow_ending:
        importing.problems += importing.endings.problems()
    if importing.problems:
        raise ImportRefused(importing.problems, report.notes)
    return [*_subjects(roster), *(target.school.uid for target in targets)]


def _must_be_own(importing: Importing) -> None:
    """Raise NotOwnSchool unless who imports may set up every school of the set; a new one is the installation's."""
    hat = importing.actor.hat
    if Scope.INSTALLATION in importing.actor.scopes(Right.SET_UP_SCHOOL):
        return
    known = importing.ids.of("org")
    for org in importing.roster.schools:
        if known.get(org, org if importing.roster.manifest.own else "") != hat.school_uid:
            raise NotOwnSchool


def _settle_homerooms(importing: Importing, years: Sequence[PlannedYear], answers: homerooms.Answers) -> None:
    """Decide what each homeroom is, before anything is written. Raises HomeroomsUnknown."""
    roster, problems = importing.roster, importing.problems
    of_schools = {key for org in roster.schools for key in roster.classes_of(org)}
    classes = {key for planned in years for key in planned.classes} & of_schools
    importing.homerooms = homerooms.settle(roster, classes, answers, importing.ids, problems)
    unanswered = homerooms.questions(roster, classes, importing.homerooms)
    if unanswered:
        raise homerooms.HomeroomsUnknown(problems, roster.notes, unanswered)
