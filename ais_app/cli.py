"""The `ais` command; each sub-command calls one service. Exit codes: 0 well, 1 a finding, 2 wrong use."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pydantic import ValidationError

import ais_app.tables  # noqa: F401 - every table of the house
from ais_app import __version__
from ais_app.clock import ShiftedClock, SystemClock
from ais_app.db import Database, migrations
from ais_app.ledger import queries as ledger
from ais_app.ledger import triggers
from ais_app.settings import Settings, settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ais")
def main() -> None:
    """АИС: electronic journal and diary of a school."""


def _settings() -> Settings:
    try:
        return settings()
    except ValidationError as error:
        for one in error.errors():
            name = "AIS_" + "_".join(str(part) for part in one["loc"]).upper() if one["loc"] else ""
            click.echo(f"{name} {one['msg']}".strip(), err=True)
        sys.exit(2)


def _database(chosen: Settings) -> Database:
    chosen.data.mkdir(parents=True, exist_ok=True)
    return Database(chosen.database, ShiftedClock(chosen.clock) if chosen.clock else SystemClock())


def _migrated(chosen: Settings) -> Database:
    database = _database(chosen)
    migrations.upgrade(database, triggers.install)
    return database


@main.command()
def run() -> None:
    """Migrate the database and serve everything on one port."""
    from ais_app import serve
    from ais_app.school.queries import login_name

    chosen = _settings()
    if not serve.is_built():
        click.echo("The frontend is not built yet: run `make build` first.", err=True)
        sys.exit(2)
    database = _migrated(chosen)
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
    serve.serve(chosen)


@main.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    _migrated(_settings()).close()
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
    """Write the demonstration school into an empty database."""
    from ais_app.setup.demo.large import write_large_demonstration
    from ais_app.setup.demo.school import DatabaseNotEmpty, write_demonstration

    database = _migrated(_settings())
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


@main.command()
def verify() -> None:
    """Check the ledger: every hash, every link, every text. Exit code 1 names the broken rows."""
    database = _database(_settings())
    found = 0
    with database.connect() as connection:
        for name in triggers.missing(connection):
            click.echo(f"trigger {name}: is missing", err=True)
            found += 1
        for fault in ledger.verify(connection):
            click.echo(str(fault), err=True)
            found += 1
        operations = ledger.count(connection)
    database.close()
    if found:
        click.echo(f"The ledger is broken: {found} faults.", err=True)
        sys.exit(1)
    click.echo(f"The ledger is whole: {operations} operations.")


@main.group("import")
def import_() -> None:
    """Bring in data of other systems."""


@import_.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and report, write nothing.")
@click.option("--year", help="The school year to import into, such as 2026/27; default: the present one.")
@click.option("--codes", type=click.Path(path_type=Path), help="File for the one-time codes; default: printed.")
def oneroster(path: Path, *, dry_run: bool, year: str | None, codes: Path | None) -> None:
    """Import a OneRoster 1.1 bulk set (folder or zip) as a working school."""
    from ais_app.exchange.oneroster import ImportRefused, import_oneroster

    database = _migrated(_settings())
    try:
        report = import_oneroster(database, path, dry_run=dry_run, year=year, zone=settings().timezone)
    except ImportRefused as refusal:
        for problem in refusal.problems:
            click.echo(str(problem), err=True)
        click.echo(f"Nothing was imported: {len(refusal.problems)} problems.", err=True)
        sys.exit(1)
    finally:
        database.close()
    click.echo(report.summary)
    lines = [f"{line.login}\t{line.code}\t{line.name}" for line in report.codes]
    if codes is not None and lines:
        codes.touch(mode=0o600)
        codes.write_text("\n".join(lines) + "\n", encoding="utf-8")
        click.echo(f"One-time codes: {codes}")
    else:
        for line in lines:
            click.echo(line)


if __name__ == "__main__":
    main()
