"""Importing a checked set through the usual services, in one transaction."""

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
from ais_app.ledger import service as ledger
from ais_app.people.models import School
from ais_app.rights.rules import operator


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of an import."""

    year: str | None
    zone: str
    answers: homerooms.Answers
    allow_ending: bool


class _DryRun(Exception):  # noqa: N818 - only rolls the transaction back
    pass


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
) -> Report:
    """Import a set, or bring what was imported from it up to date; a dry run does the same and rolls back.

    `answers`: what homerooms are whose names do not tell; `allow_ending`: the set may end most of a school.
    `deliver_codes` is called with the report before the commit and keeps the codes: when it raises, nothing is
    imported, so that no account exists whose code nobody has. Raises ImportRefused with every defect, HomeroomsUnknown
    with the questions to answer.
    """
    today = local_date(database.clock.now(), zone)
    roster = read(path, today, lambda source: database.read(_zones, source, zone))
    report = Report(dry_run, notes=roster.notes)
    options = _Options(year, zone, answers or homerooms.Answers(), allow_ending)

    def work(uow: UnitOfWork) -> None:
        _run(uow, roster, report, options)
        if dry_run:
            raise _DryRun
        if deliver_codes is not None:
            deliver_codes(report)

    try:
        database.write(work)
    except _DryRun:
        report.codes.clear()
    return report


def _zones(connection: Connection, source: str, usual: str) -> Zones:
    """The zones of the schools that came from a source, by org, and of all schools by uid, as in our own exports."""
    school, imported = table(School), table(ImportedId)
    known = select(imported.c.source_id, school.c.zone).join(school, school.c.uid == imported.c.uid)
    rows = connection.execute(known.where(imported.c.source == source, imported.c.entity == "org"))
    return Zones(usual, pairs(connection.execute(select(school.c.uid, school.c.zone))) | pairs(rows))


def _run(uow: UnitOfWork, roster: Roster, report: Report, options: _Options) -> None:
    ledger.lock(uow, ledger.INSTALLATION)  # two imports at once must not both find nothing of the set here
    today = local_date(uow.now, options.zone)
    importing = Importing(
        uow, operator(), roster, report, ImportedIds(uow, roster.manifest.source), today, options.zone
    )
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


def _settle_homerooms(importing: Importing, years: Sequence[PlannedYear], answers: homerooms.Answers) -> None:
    """Decide what each homeroom is, before anything is written. Raises HomeroomsUnknown."""
    roster, problems = importing.roster, importing.problems
    of_schools = {key for org in roster.schools for key in roster.classes_of(org)}
    classes = {key for planned in years for key in planned.classes} & of_schools
    importing.homerooms = homerooms.settle(roster, classes, answers, importing.ids, problems)
    unanswered = homerooms.questions(roster, classes, importing.homerooms)
    if unanswered:
        raise homerooms.HomeroomsUnknown(problems, roster.notes, unanswered)
