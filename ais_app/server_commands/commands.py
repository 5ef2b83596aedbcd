"""`ais migrate`."""

from __future__ import annotations

import click

from ais_app import commands
from ais_app.server_commands import schema
from ais_app.server_commands.runner import alone_or_end


@click.command(cls=commands.Command)
def migrate() -> None:
    """Bring the database to the schema of this version.

    `ais run` does the same at its start, unless PostgreSQL has a role of its own for the owner
    (AIS_DATABASE_OWNER_URL): then this command alone migrates, as the owner, and grants the role of AIS_DATABASE_URL
    what the server needs. A database that is up to date stays as it is.
    """
    chosen = commands.chosen_settings()
    if chosen.database_owner_url:
        schema.migrate_as_owner(chosen)
    else:
        database, _lock = alone_or_end(chosen)
        database.close()
    click.echo("The database is up to date.")
