"""`ais verify`: the check of the page of integrity, for all chains and with all faults."""

from __future__ import annotations

import itertools
import sys

import click

from ais_app import commands
from ais_app.db import migrations
from ais_app.ledger import parallel_verification, triggers
from ais_app.ledger import queries as ledger
from ais_app.server_commands.runner import open_database


@click.command(
    cls=commands.Command,
    epilog="Exit codes: 0 the ledger is whole, 1 it is broken, 2 wrong use or a wrong setting.",
)
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
    chosen = commands.chosen_settings()
    database = open_database(chosen)
    with database.connect() as connection:
        if migrations.pending(connection):
            click.echo("The database is of another version: run `ais migrate` first.", err=True)
            sys.exit(2)
        broken = [f"trigger {name}: is missing" for name in triggers.missing(connection)]
        operations = ledger.count(connection)
    database.close()
    found = 0
    for fault in itertools.chain(broken, parallel_verification.verify(chosen.database, processes)):
        click.echo(str(fault), err=True)
        found += 1
    if found:
        click.echo(f"The ledger is broken: {found} faults.", err=True)
        sys.exit(1)
    click.echo(f"The ledger is whole: {operations} operations.")
