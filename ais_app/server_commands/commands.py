"""`ais migrate`."""

from __future__ import annotations

import click

from ais_app import commands
from ais_app.server_commands.runner import alone_or_end


@click.command(cls=commands.Command)
def migrate() -> None:
    """Bring the database to the schema of this version.

    `ais run` does the same at its start. A database that is up to date stays as it is.
    """
    database, _lock = alone_or_end(commands.chosen_settings())
    database.close()
    click.echo("The database is up to date.")
