"""`ais files`: what lies in the store of files."""

from __future__ import annotations

import sys

import click

from ais_app import commands
from ais_app.files import checking
from ais_app.files.store import FileStore
from ais_app.i18n import _, ngettext
from ais_app.server_commands.runner import open_database
from ais_app.server_commands.schema import require_present


@click.group(cls=commands.Group)
def files() -> None:
    """Look after the stored files: uploads, slips, exports."""


@files.command(
    cls=commands.Command,
    epilog="Exit codes: 0 every file is whole, 1 something differs, 2 wrong use or a wrong setting.",
)
def check() -> None:
    """Read every stored file: is its content there and unchanged, and does nothing else lie among them.

    Only reads, also while the server runs.
    """
    chosen = commands.chosen_settings()
    database = open_database(chosen)
    try:
        require_present(database)
        differences = 0
        for found in checking.check(FileStore(chosen.files), database):
            differences += 1
            click.echo(str(found), err=True)
    finally:
        database.close()
    if differences:
        click.echo(ngettext("{count} difference", "{count} differences", differences), err=True)
        sys.exit(1)
    click.echo(_("Every file is whole."))
