"""Importing a checked set: through the same services as everything else, in one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ais_app.access.rules import operator
from ais_app.clock import local_date
from ais_app.db import Database, UnitOfWork
from ais_app.exchange.engine import ImportRefused
from ais_app.exchange.known import Known
from ais_app.exchange.oneroster import accounts, people, records, remembered, schools, sections, timetables
from ais_app.exchange.oneroster.calendar import plan
from ais_app.exchange.oneroster.context import Importing
from ais_app.exchange.oneroster.reading import read
from ais_app.exchange.oneroster.report import Report
from ais_app.exchange.oneroster.roster import Roster
from ais_app.ledger import service as ledger


class _DryRun(Exception):  # noqa: N818 - only rolls the transaction back
    pass


def import_oneroster(
    database: Database,
    path: Path,
    *,
    dry_run: bool = False,
    year: str | None = None,
    zone: str = "Europe/Moscow",
    hand_out: Callable[[Report], None] | None = None,
) -> Report:
    """Import a set, or bring what was imported from it up to date; a dry run does the same and rolls back.

    `hand_out` gets the report before the commit and keeps the codes: when it fails, nothing was imported, so no
    account can be there whose code nobody has. Raises ImportRefused with every defect.
    """
    roster = read(path, local_date(database.clock.now(), zone))
    report = Report(dry_run, notes=roster.notes)

    def work(uow: UnitOfWork) -> None:
        _run(uow, roster, report, year, zone)
        if dry_run:
            raise _DryRun
        if hand_out is not None:
            hand_out(report)

    try:
        database.write(work)
    except _DryRun:
        report.codes.clear()
    return report


def _run(uow: UnitOfWork, roster: Roster, report: Report, year: str | None, zone: str) -> None:
    ledger.lock(uow, ledger.INSTALLATION)  # two imports at once must not both find nothing of the set here
    today = local_date(uow.now, zone)
    importing = Importing(uow, operator(), roster, report, Known(uow, roster.manifest.source), today, zone)
    years = plan(roster, today, year)
    places = [schools.bring(importing, org) for org in sorted(roster.schools)]
    for place in places:
        people.bring(importing, place)
        for planned in years:
            schools.bring_year(importing, place, planned)
            sections.bring(importing, place, planned)
            timetables.bring(importing, place, planned)
        people.bring_guardians(importing, place)
        records.bring(importing, place)
    accounts.bring(importing, places)
    remembered.bring(importing)
    orgs = len(roster["orgs"]) - len(places)
    report.leave("orgs", orgs)
    if importing.problems:
        raise ImportRefused(importing.problems)
