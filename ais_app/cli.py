"""The `ais` command; each sub-command calls one service. Exit codes: 0 well, 1 a finding or a failure, 2 wrong use."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

import ais_app.tables  # noqa: F401 - every table of the house
from ais_app import __version__, commands, private_files
from ais_app.commands import chosen_settings
from ais_app.db import Database, migrations
from ais_app.i18n import _, ngettext
from ais_app.ledger import queries as ledger
from ais_app.ledger import triggers, walking
from ais_app.rights.errors import Refused
from ais_app.server_commands.carrier import Carrier, alone_or_end, open_database
from ais_app.server_commands.user_cli import user
from ais_app.server_commands.users import RECORD_EXPORT
from ais_app.settings import Settings

if TYPE_CHECKING:
    from ais_app.exchange.oneroster import ImportRefused


@click.group(cls=commands.Main, context_settings=commands.CONTEXT)
@click.version_option(__version__, prog_name="ais", help="Show the version and exit.")
@click.pass_context
def main(context: click.Context) -> None:
    """АИС: electronic journal and diary of a school.

    Settings come from the environment and are read once, at start.
    """
    before = private_files.close_to_others()  # whatever a command makes, and the server's processes after it
    context.call_on_close(lambda: os.umask(before))


def _migrated(chosen: Settings) -> Database:
    """The database of a command that no running server does: this process alone writes until it ends."""
    return alone_or_end(chosen)[0]


@main.command(
    epilog="Exit codes: 0 ended by SIGTERM or SIGINT, 1 could not start or a process of it ended unexpectedly "
    "(try again), 2 wrong use or a wrong setting (do not)."
)
def run() -> None:
    """Migrate the database and serve everything on one port.

    Pages, websocket and files come from AIS_HOST and AIS_PORT over plain HTTP; a proxy before it brings HTTPS.
    /healthz answers while the process lives, /readyz when the database is there and of this version.
    """
    from ais_app import serve
    from ais_app.people.queries import login_name
    from ais_app.web import bundle

    chosen = chosen_settings()
    if not bundle.is_built():
        click.echo("The frontend is not built yet: run `make build` first.", err=True)
        sys.exit(2)
    database, lock = alone_or_end(chosen)
    _name, demonstration = database.read(login_name)
    database.close()
    if demonstration and not chosen.is_loopback and not chosen.demo_public:
        click.echo(
            "This is the demonstration school: everybody knows its passwords. It is served on 127.0.0.1 only, "
            "unless AIS_DEMO_PUBLIC=true says otherwise.",
            err=True,
        )
        sys.exit(2)
    click.echo(f"АИС {__version__}: http://{chosen.host}:{chosen.port}/")
    if demonstration:
        from ais_app.setup.demo.logins import demonstration_logins

        for login, role in demonstration_logins():
            click.echo(f"  {login:<14} demo-{login:<18} {role}")
    if lock is not None:
        lock.share()
    serve.serve(chosen)


@main.command()
def migrate() -> None:
    """Bring the database to the schema of this version.

    `ais run` does the same at its start. A database that is up to date stays as it is.
    """
    _migrated(chosen_settings()).close()
    click.echo("The database is up to date.")


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a school already.")
@click.option(
    "--size",
    type=click.Choice(["small", "large"]),
    default="small",
    show_default=True,
    help="small: 6 classes, 150 students; large: 36 classes, 1,000 students, a year of marks (some minutes).",
)
def demo(*, if_empty: bool, size: str) -> None:
    """Write the demonstration school into an empty database.

    Everybody knows its passwords: it is served on this machine only, unless AIS_DEMO_PUBLIC says otherwise.
    """
    from ais_app.setup.demo.large import write_large_demonstration
    from ais_app.setup.demo.school import DatabaseNotEmpty, write_demonstration

    database = _migrated(chosen_settings())
    try:
        summary = write_demonstration(database) if size == "small" else write_large_demonstration(database, click.echo)
    except DatabaseNotEmpty:
        if not if_empty:
            click.echo("There is a school in this database already.", err=True)
            sys.exit(1)
    else:
        click.echo(summary)
    finally:
        database.close()


@main.command(epilog="Exit codes: 0 measured, 1 something could not be measured, 2 there is no checkout here.")
@click.option("--only", default="", help="Budgets to measure, such as p3,p13; all when empty.")
def bench(only: str) -> None:
    """Measure the budgets of speed and size and write docs/performance.md.

    Only in a checkout of the sources, with the tools of the tests: like `make bench`, which prepares both.
    """
    import subprocess

    from ais_app.places import ROOT

    if not (ROOT / "tests" / "bench").is_dir():
        click.echo("There is no checkout of the sources here: measuring needs its tests/bench.", err=True)
        sys.exit(2)
    sys.exit(subprocess.run([sys.executable, "-m", "tests.bench", f"--only={only}"], cwd=ROOT, check=False).returncode)  # noqa: S603 - our own module


@main.command(epilog="Exit codes: 0 the ledger is whole, 1 it is broken, 2 wrong use or a wrong setting.")
@click.option(
    "--processes",
    type=click.IntRange(min=0),
    default=0,
    help="How many processes walk the chains; 0 = one for each processor, the default.",
)
def verify(processes: int) -> None:
    """Check the ledger against itself: every hash, link and text, and that the triggers are there; name what is broken.

    What stands in the journal now is not compared with it yet, and a history that was rewritten with all its hashes is
    not told from the true one (docs/security.md). Only reads, also while the server runs; what is written meanwhile is
    not looked at.
    """
    chosen = chosen_settings()
    database = open_database(chosen)
    with database.connect() as connection:
        if migrations.pending(connection):
            click.echo("The database is of another version: run `ais migrate` first.", err=True)
            sys.exit(2)
        broken = [f"trigger {name}: is missing" for name in triggers.missing(connection)]
        operations = ledger.count(connection)
    database.close()
    found = 0
    for fault in itertools.chain(broken, walking.verify(chosen.database, processes)):
        click.echo(str(fault), err=True)
        found += 1
    if found:
        click.echo(f"The ledger is broken: {found} faults.", err=True)
        sys.exit(1)
    click.echo(f"The ledger is whole: {operations} operations.")


@main.group("import")
def import_() -> None:
    """Bring data of other systems into this installation."""


@import_.command("oneroster")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and report by file, row and column; write nothing.")
@click.option(
    "--year",
    metavar="YYYY/YY",
    help="The school year to import into, such as 2026/27; default: the set's own, or the present one.",
)
@click.option("--slips", type=commands.NEW_FILE, metavar="FILE.pdf", help="New PDF with a slip for each new account.")
@click.option(
    "--codes", type=commands.NEW_FILE, metavar="FILE.tsv", help="New file with login, code and name, one a line."
)
@click.option(
    "--mapping",
    type=commands.NEW_OR_OLD_FILE,
    metavar="FILE.csv",
    help="What homerooms become whose names do not say it; a file that is not there is written, to be filled.",
)
@click.option(
    "--allow-ending", is_flag=True, help="Import a set that ends most memberships, links or accounts of a school."
)
def import_oneroster_(
    path: Path,
    *,
    dry_run: bool,
    year: str | None,
    slips: Path | None,
    codes: Path | None,
    mapping: Path | None,
    allow_ending: bool,
) -> None:
    """Import the OneRoster set at PATH (a folder or a zip), or bring what came from it up to date.

    Reads whole (bulk) sets of OneRoster 1.1 and 1.2 CSV, of SDS v2.1, and the exports of АИС. Everything is imported or
    nothing: a set with a defect is refused, and each defect is named by file, row and column. A second run of the
    same set changes nothing. New accounts get one-time codes, printed here unless --slips or --codes is given;
    passwords of the set are never used. docs/import.md has the details.
    """
    from ais_app.exchange.engine import Findings
    from ais_app.exchange.handing_out import HandingOut
    from ais_app.exchange.oneroster import ImportRefused, import_oneroster, read_mapping, told

    _check_year(year)
    chosen = chosen_settings()
    if slips is not None and not chosen.base_url:
        click.echo(_("AIS_BASE_URL is not set: the slips will not say where to sign in."), err=True)
    handing = HandingOut(slips, codes, chosen.base_url)
    database = _migrated(chosen)
    try:
        report = import_oneroster(
            database,
            path,
            dry_run=dry_run,
            year=year,
            zone=chosen.timezone,
            answers=read_mapping(mapping) if mapping is not None and mapping.exists() else None,
            allow_ending=allow_ending,
            hand_out=handing.write,
        )
    except ImportRefused as refusal:
        _say_refused(refusal, mapping)
        sys.exit(1)
    except BaseException:
        handing.take_back()
        raise
    finally:
        database.close()
    for line in told(Findings(), report.notes):
        click.echo(line, err=True)
    click.echo(report.summary)
    if report.codes and slips is None and codes is None:
        click.echo(handing.table(report.codes), nl=False)
    for sentence in handing.lacking:
        click.echo(sentence, err=True)
    for written in handing.written:
        count = ngettext("{count} one-time code", "{count} one-time codes", len(report.codes))
        click.echo(f"{count}: {written}")


def _say_refused(refusal: ImportRefused, mapping: Path | None) -> None:
    """Say every defect, write the questions about homerooms to a mapping file, and end with how many defects."""
    from ais_app.exchange.oneroster import HomeroomsUnknown, told, write_questions

    for line in told(refusal.problems, refusal.notes):
        click.echo(line, err=True)
    if isinstance(refusal, HomeroomsUnknown) and mapping is not None:
        if mapping.exists():
            said = _("{path} does not answer for all of them. Name a new file to have the rest written.")
        else:
            write_questions(mapping, refusal.asked)
            said = _("The questions are in {path}: fill in the column becomes, then import again with this file.")
        click.echo(said.format(path=mapping), err=True)
    refused = ngettext(
        "Refused, nothing was imported: {count} problem.",
        "Refused, nothing was imported: {count} problems.",
        len(refusal.problems),
    )
    click.echo(refused, err=True)


def _check_year(year: str | None) -> None:
    if year is None:
        return
    first, _slash, second = year.partition("/")
    if not (len(year) == 7 and first.isdigit() and second.isdigit() and (int(first) + 1) % 100 == int(second)):
        msg = _("«{year}» is no school year such as 2026/27").format(year=year)
        raise click.BadParameter(msg, param_hint="--year")


@main.group("export")
def export() -> None:
    """Write data out for other systems."""


@export.command("oneroster")
@click.argument("path", type=commands.NEW_FILE)
@click.option("--school", metavar="UID", help="Which school; needed when there are several.")
def export_oneroster_(path: Path, *, school: str | None) -> None:
    """Write a school to PATH as OneRoster 1.2 CSV: a new folder, or a new zip when PATH ends with .zip.

    Holds people, accounts without passwords, roles, classes, courses, enrollments, timetables, lessons, marks and
    remarks; imported into an empty installation it gives the same school. The export is recorded in the school's
    ledger.
    """
    from ais_app.exchange.oneroster import export_oneroster
    from ais_app.people.queries import schools

    carry_out = Carrier(chosen_settings())
    database = carry_out.reader()
    found = database.read(schools)
    uids = [uid for uid, _name in found]
    if school is None and len(found) != 1:
        for uid, name in found:
            click.echo(f"{uid}  {name}", err=True)
        click.echo(_("Say which school with --school UID.") if found else _("There is no school here."), err=True)
        sys.exit(2)
    if school is not None and school not in uids:
        click.echo(_("There is no school {uid} here.").format(uid=school), err=True)
        sys.exit(2)
    uid = school or uids[0]

    def record(counts: Mapping[str, int]) -> None:
        carry_out(RECORD_EXPORT, school=uid, rows=dict(counts))

    try:
        exported = export_oneroster(database, path, uid, record)
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    rows = ", ".join(f"{name} {number}" for name, number in exported.rows.items())
    click.echo(_("Exported to {path}: {rows}.").format(path=path, rows=rows))


main.add_command(user)


if __name__ == "__main__":
    main()
